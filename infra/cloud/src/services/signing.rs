//! Signs requests for tests as botocore does, with code of its own, so that a mistake of the verification is not repeated.

use jiff::Timestamp;
use ring::{digest, hmac};

use super::Credential;
use crate::model::REGION;

#[derive(Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub(crate) method: &'a str,
    pub(crate) host: &'a str,
    /// The path and the query, as they are sent.
    pub(crate) target: &'a str,
    pub(crate) service: &'a str,
    pub(crate) body: &'a str,
    pub(crate) at: Timestamp,
}

/// The headers of the signed request.
pub(crate) fn sign(credential: &Credential, draft: &Draft<'_>) -> Vec<(String, String)> {
    let date = draft.at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut headers =
        vec![("host".to_owned(), draft.host.to_owned()), ("x-amz-date".to_owned(), date.clone())];
    let token = credential.session_token.iter();
    headers.extend(token.map(|token| ("x-amz-security-token".to_owned(), token.clone())));
    let names = headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let (path, query) = draft.target.split_once('?').unwrap_or((draft.target, ""));
    let (path, query) = (path.replace('%', "%25"), sorted(query));
    let hash = hash(draft.body);
    let canonical = format!("{}\n{path}\n{query}\n{lines}\n{names}\n{hash}", draft.method);
    let scope = format!("{}/{REGION}/{}/aws4_request", &date[..8], draft.service);
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", self::hash(&canonical));
    let mut key = format!("AWS4{}", credential.secret_access_key).into_bytes();
    for part in scope.split('/').chain([to_sign.as_str()]) {
        key = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), part.as_bytes()).as_ref().to_vec();
    }
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}",
        credential.access_key_id,
        hex(&key)
    );
    headers.push(("authorization".to_owned(), authorization));
    headers
}

/// Each name has a value, and a space is `%20`.
fn sorted(query: &str) -> String {
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    pairs.join("&").replace('+', "%20")
}

fn hash(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
