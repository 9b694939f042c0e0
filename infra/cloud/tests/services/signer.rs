//! Signs requests as the AWS SDKs do, with code of its own, so that a mistake of the services is not repeated here.

use cloud::model::REGION;
use cloud::services::Credential;
use jiff::Timestamp;
use ring::{digest, hmac};

pub(crate) type Request = http::Request<String>;

/// A request that its sender has signed with all its headers, with this method, for the service of this name.
pub(crate) fn signed_as(
    (method, service): (&str, &str),
    credential: &Credential,
    url: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Request {
    let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let host = url.strip_prefix("http://").unwrap();
    let mut headers = [&[("host", host), ("x-amz-date", &date)], headers].concat();
    headers.extend(credential.session_token.iter().map(|token| ("x-amz-security-token", token.as_str())));
    headers.sort_unstable();
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!("{method}\n{}\n\n{lines}\n{names}\n{}", path.replace('%', "%25"), hash(&body));
    let day = &date[..8];
    let scope = format!("{day}/{REGION}/{service}/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hash(&canonical));
    let mut key = format!("AWS4{}", credential.secret_access_key).into_bytes();
    for part in [day, REGION, service, "aws4_request", &to_sign] {
        key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), part.as_bytes()).as_ref().to_vec();
    }
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}",
        credential.access_key_id,
        hex(&key)
    );
    let mut request = http::Request::builder()
        .method(method)
        .uri(format!("{url}{path}"))
        .header("authorization", authorization);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(body).unwrap()
}

fn hash(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
