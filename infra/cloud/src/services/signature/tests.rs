use http::{HeaderName, HeaderValue};

use super::keys::derive;
use super::*;
use crate::model::REGION;
use crate::services::Credential;

/// Of AWS's test suite for Signature Version 4, which its SDKs are tested with. All have the same key and time.
const VECTORS: [&str; 5] = [
    include_str!("vectors/get-header-key-duplicate.txt"),
    include_str!("vectors/get-header-value-trim.txt"),
    include_str!("vectors/get-vanilla-query-order-encoded.txt"),
    include_str!("vectors/get-vanilla-with-session-token.txt"),
    include_str!("vectors/post-x-www-form-urlencoded.txt"),
];
const VECTOR_SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const VECTOR_ADDRESSED: Addressed<'_> = Addressed { region: "us-east-1", service: "service" };
const DYNAMODB: Addressed<'_> = Addressed { region: REGION, service: "dynamodb" };

#[derive(Clone)]
pub(in crate::services) struct Request {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Request {
    pub(in crate::services) fn received(&self) -> Received<'_> {
        Received { method: &self.method, uri: &self.uri, headers: &self.headers, body: &self.body }
    }

    /// Reads a request as it is sent.
    fn parse(text: &str) -> Request {
        let (head, body) = text.split_once("\n\n").unwrap();
        let mut lines = head.lines();
        let first: Vec<&str> = lines.next().unwrap().split(' ').collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(':').unwrap();
            headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value.trim()).unwrap());
        }
        let body = body.trim_end().as_bytes().to_vec();
        Request { method: first[0].parse().unwrap(), uri: first[1].parse().unwrap(), headers, body }
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.headers.insert(name, value.parse().unwrap());
    }

    fn authorization(&self) -> String {
        self.headers["authorization"].to_str().unwrap().to_owned()
    }

    fn replace_in_authorization(&mut self, part: &str, by: &str) {
        let authorization = self.authorization();
        assert!(authorization.contains(part), "{part} in {authorization}");
        self.set("authorization", &authorization.replace(part, by));
    }

    /// Signs the request as it is now, with the scope and the headers that its `Authorization` names.
    fn sign(&mut self, secret: &str) {
        let signature = {
            let claim = Claim::read(&self.headers).unwrap();
            let request = self.received();
            let hash =
                request.header(PAYLOAD_HASH).map_or_else(|| hex(&Sha256::digest(&self.body)), str::to_owned);
            let canonical = hex(&Sha256::digest(request.canonical(&claim.signed_headers, &hash)));
            let Scope { date, region, service, terminator } = claim.scope;
            let scope = format!("{date}/{region}/{service}/{terminator}");
            let to_sign = format!("{ALGORITHM}\n{}\n{scope}\n{canonical}", request.header(DATE).unwrap());
            hex(hmac::sign(&derive(secret, [date, region, service, terminator]), to_sign.as_bytes()).as_ref())
        };
        let authorization = self.authorization();
        let (rest, _) = authorization.split_once("Signature=").unwrap();
        self.set("authorization", &format!("{rest}Signature={signature}"));
    }

    fn verify(&self, secret: &str, addressed: Addressed<'_>, now: Timestamp) -> Result<(), Unidentified> {
        let secret = Secret { key: secret, derived: &SigningKeys::default() };
        Claim::read(&self.headers)?.verify(self.received(), secret, addressed, now)
    }
}

/// A request to DynamoDB that its sender has signed.
pub(in crate::services) fn signed(credential: &Credential, now: Timestamp) -> Request {
    let (date, key) = (now.strftime(DATE_FORMAT), &credential.access_key_id);
    let token = credential.session_token.as_deref().unwrap_or_default();
    let day = now.strftime("%Y%m%d");
    let mut request = Request::parse(&format!(
        "POST / HTTP/1.1\nhost: 127.0.0.1:4001\nx-amz-date: {date}\nx-amz-security-token: {token}\n\
         x-amz-target: DynamoDB_20120810.GetItem\nauthorization: {ALGORITHM} \
         Credential={key}/{day}/{REGION}/dynamodb/{TERMINATOR}, \
         SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target, Signature=\n\n{{}}\n"
    ));
    request.sign(&credential.secret_access_key);
    request
}

fn own() -> (Request, Timestamp) {
    let credential = Credential {
        access_key_id: "ASIAEXAMPLE".into(),
        secret_access_key: VECTOR_SECRET.into(),
        session_token: Some("token".into()),
    };
    let now = "2026-01-02T03:04:05Z".parse().unwrap();
    (signed(&credential, now), now)
}

/// What a request is refused with after a change.
fn refused(change: impl FnOnce(&mut Request)) -> String {
    let (mut request, now) = own();
    change(&mut request);
    match request.verify(VECTOR_SECRET, DYNAMODB, now) {
        Err(Unidentified::Mismatch(message)) => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_vectors_of_aws_are_accepted_and_with_another_secret_refused() {
    let now = "2015-08-30T12:36:00Z".parse().unwrap();
    for vector in VECTORS {
        let request = Request::parse(vector);
        assert_eq!(request.verify(VECTOR_SECRET, VECTOR_ADDRESSED, now), Ok(()), "{vector}");
        assert!(request.verify("another", VECTOR_ADDRESSED, now).is_err(), "{vector}");
    }
}

/// As the AWS SDK for Rust sent them to a cloud that has ended since, with the secrets of its sessions.
#[test]
fn requests_of_the_sdk_are_accepted() {
    let mail =
        (include_str!("vectors/sdk-send-email.txt"), "8B9DE0FEF74247BD84EF16458491E469E6B4FB4D", "ses");
    let role =
        (include_str!("vectors/sdk-assume-role.txt"), "DDC5D7EDDE9F41679012787A6B9407133B180420", "sts");
    for (sent, secret, service) in [mail, role] {
        let addressed = Addressed { region: REGION, service };
        let now = "2026-11-27T16:22:00Z".parse().unwrap();
        let mut request = Request::parse(sent);
        assert_eq!(request.verify(secret, addressed, now), Ok(()), "{service}");
        request.body.pop();
        assert!(request.verify(secret, addressed, now).is_err(), "{service}");
    }
}

#[test]
fn every_part_of_a_request_is_signed() {
    let (request, now) = own();
    assert_eq!(request.verify(VECTOR_SECRET, DYNAMODB, now), Ok(()));
    type Change = fn(&mut Request);
    let changes: [(&str, Change); 9] = [
        ("method", |request| request.method = Method::PUT),
        ("path", |request| request.uri = "/other".parse().unwrap()),
        ("query", |request| request.uri = "/?a=b".parse().unwrap()),
        ("header", |request| request.set("x-amz-target", "DynamoDB_20120810.PutItem")),
        ("a second value", |request| {
            request.headers.append("x-amz-target", "DynamoDB_20120810.PutItem".parse().unwrap());
        }),
        ("a header that is gone", |request| drop(request.headers.remove("x-amz-target"))),
        ("body", |request| request.body = b"{ }".to_vec()),
        ("date", |request| request.set(DATE, "20260102T030406Z")),
        ("signed headers", |request| request.replace_in_authorization(";x-amz-target", ";x-amz-target;a")),
    ];
    for (part, change) in changes {
        assert!(refused(change).starts_with("The request signature we calculated does not match"), "{part}");
    }
}

#[test]
fn a_signature_is_whole_and_of_this_key() {
    let (request, _) = own();
    let authorization = request.authorization();
    let (rest, signature) = authorization.split_once("Signature=").unwrap();
    let truncated = &signature[..62];
    let other = signature.replace(&signature[..1], if signature.starts_with('0') { "1" } else { "0" });
    let signed_digit = format!("+{}", &signature[1..]);
    for signature in ["", "00", truncated, &signature[..63], &format!("{signature}00"), &other, &signed_digit]
    {
        let message =
            refused(|request| request.set("authorization", &format!("{rest}Signature={signature}")));
        assert!(message.starts_with("The request signature we calculated"), "{signature}: {message}");
    }
    let (request, now) = own();
    assert!(request.verify("another", DYNAMODB, now).is_err());
}

#[test]
fn the_scope_is_that_of_the_request() {
    // Signed as a whole each time, so that it is the scope that is refused and not the signature.
    let scoped = |part: &'static str, by: &'static str| {
        refused(|request| {
            request.replace_in_authorization(part, by);
            request.sign(VECTOR_SECRET);
        })
    };
    assert_eq!(
        scoped("/eu-west-1/", "/us-east-1/"),
        "Credential should be scoped to a valid region, not 'us-east-1'."
    );
    assert_eq!(scoped("/dynamodb/", "/sqs/"), "Credential should be scoped to correct service: 'dynamodb'.");
    assert_eq!(
        scoped("aws4_request", "aws5_request"),
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'."
    );
    assert_eq!(
        scoped("/20260102/", "/20260101/"),
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
         '20260101' != '20260102', from '20260102T030405Z'."
    );
}

#[test]
fn a_signature_is_good_for_a_quarter_of_an_hour() {
    let (request, now) = own();
    let at = |seconds| request.verify(VECTOR_SECRET, DYNAMODB, now + SignedDuration::from_secs(seconds));
    assert_eq!((at(900), at(-900)), (Ok(()), Ok(())));
    let late = "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z \
                (20260102T031906Z - 15 min.)";
    assert_eq!(at(901), Err(mismatch(late)));
    let early = "Signature not yet current: 20260102T030405Z is still later than 20260102T030404Z \
                 (20260102T024904Z + 15 min.)";
    assert_eq!(at(-901), Err(mismatch(early)));
}

#[test]
fn the_host_and_every_header_of_aws_are_signed() {
    let without = |name: &str| {
        refused(|request| {
            request.replace_in_authorization(name, "");
            request.sign(VECTOR_SECRET);
        })
    };
    let must_be = "must be a 'SignedHeader' in the AWS Authorization.";
    assert_eq!(without("host;"), format!("'Host' or ':authority' {must_be}"));
    for name in ["x-amz-date", "x-amz-security-token", "x-amz-target"] {
        assert_eq!(without(&format!(";{name}")), format!("'{name}' {must_be}"));
    }
    let (mut request, now) = own();
    request.set("user-agent", "changed on the way");
    assert_eq!(request.verify(VECTOR_SECRET, DYNAMODB, now), Ok(()));
}

#[test]
fn a_hash_of_the_payload_is_that_of_the_body() {
    let hashed = |request: &mut Request, hash: &str| {
        request.replace_in_authorization("host;", "host;x-amz-content-sha256;");
        request.set(PAYLOAD_HASH, hash);
        request.sign(VECTOR_SECRET);
    };
    let (plain, now) = own();
    let mut request = plain.clone();
    hashed(&mut request, &hex(&Sha256::digest(&plain.body)));
    assert_eq!(request.verify(VECTOR_SECRET, DYNAMODB, now), Ok(()));
    for hash in [hex(&Sha256::digest("another")).as_str(), "UNSIGNED-PAYLOAD"] {
        assert_eq!(
            refused(|request| hashed(request, hash)),
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            "{hash}"
        );
    }
}

#[test]
fn what_is_missing_is_named() {
    let read = |authorization: &str| {
        let (mut request, now) = own();
        request.set("authorization", authorization);
        request.verify(VECTOR_SECRET, DYNAMODB, now).unwrap_err()
    };
    let incomplete = |message: &str| Unidentified::Incomplete(message.into());
    assert_eq!(read("Bearer token"), Unidentified::Unsigned);
    assert_eq!(Claim::read(&HeaderMap::new()).err(), Some(Unidentified::Unsigned));
    let (credential, rest) = ("AWS4-HMAC-SHA256 Credential=a/b/c/d/e", "SignedHeaders=host");
    for (authorization, name) in [
        (format!("{ALGORITHM} {rest}, Signature=00"), "Credential"),
        (format!("{credential}, Signature=00"), "SignedHeaders"),
        (format!("{credential}, {rest}"), "Signature"),
    ] {
        let message = format!("Authorization header requires '{name}' parameter.");
        assert_eq!(read(&authorization), incomplete(&message));
    }
    let short = read("AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=00");
    assert!(matches!(short, Unidentified::Incomplete(message) if message.ends_with("got 'a/b/c/d'")));

    let (mut request, now) = own();
    request.set(DATE, "yesterday");
    let message = "Date must be in ISO-8601 'basic format'. Got 'yesterday'.";
    assert_eq!(request.verify(VECTOR_SECRET, DYNAMODB, now), Err(incomplete(message)));
    request.headers.remove(DATE);
    assert!(matches!(request.verify(VECTOR_SECRET, DYNAMODB, now), Err(Unidentified::Incomplete(_))));
}
