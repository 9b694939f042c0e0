//! Identifies callers by the access keys of functions and of the sessions that they open.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, header};
use jiff::Timestamp;
use uuid::Uuid;

#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credential")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// The caller of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub role_arn: String,
    /// The logical id of the function at the start of the chain of sessions.
    pub function: String,
    /// The session's tags; empty for a function's own credentials.
    pub tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unidentified {
    Unsigned,
    Unknown,
    Expired,
}

#[derive(Debug)]
struct Session {
    caller: Caller,
    token: String,
    expires: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub struct Credentials {
    sessions: Mutex<HashMap<String, Session>>,
}

impl Credentials {
    /// Issues credentials of a function's own role, which are valid while the cloud runs.
    pub fn issue(&self, role_arn: &str, caller: &str) -> Credential {
        let caller =
            Caller { role_arn: role_arn.to_owned(), function: caller.to_owned(), tags: BTreeMap::new() };
        self.open(caller, None)
    }

    pub(crate) fn assume(&self, caller: Caller, duration: Duration) -> (Credential, Timestamp) {
        let expires = Timestamp::now() + duration;
        self.forget_long_expired();
        (self.open(caller, Some(expires)), expires)
    }

    pub(crate) fn identify(&self, headers: &HeaderMap) -> Result<Caller, Unidentified> {
        let key = access_key(headers).ok_or(Unidentified::Unsigned)?;
        let sessions = self.sessions();
        let session = sessions.get(key).ok_or(Unidentified::Unknown)?;
        let token = headers.get("x-amz-security-token").and_then(|value| value.to_str().ok());
        if token != Some(session.token.as_str()) {
            return Err(Unidentified::Unknown);
        }
        if session.expires.is_some_and(|expires| expires <= Timestamp::now()) {
            return Err(Unidentified::Expired);
        }
        Ok(session.caller.clone())
    }

    fn open(&self, caller: Caller, expires: Option<Timestamp>) -> Credential {
        let credential = Credential {
            access_key_id: format!("ASIA{}", &random(1)[..16]),
            secret_access_key: random(2)[..40].to_owned(),
            session_token: random(4),
        };
        let session = Session { caller, token: credential.session_token.clone(), expires };
        self.sessions().insert(credential.access_key_id.clone(), session);
        credential
    }

    /// Keeps sessions for an hour after they expire, so that they are refused as expired and not as unknown.
    fn forget_long_expired(&self) {
        let limit = Timestamp::now() - Duration::from_secs(3600);
        self.sessions().retain(|_, session| session.expires.is_none_or(|expires| expires > limit));
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn random(uuids: usize) -> String {
    (0..uuids).map(|_| Uuid::new_v4().simple().to_string().to_uppercase()).collect()
}

/// The access key id of `AWS4-HMAC-SHA256 Credential=<id>/<date>/<region>/<service>/aws4_request, …`.
fn access_key(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, credential) = authorization.strip_prefix("AWS4-HMAC-SHA256")?.split_once("Credential=")?;
    credential.split('/').next().filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(credential: &Credential) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00",
            credential.access_key_id
        );
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        headers.insert("x-amz-security-token", credential.session_token.parse().unwrap());
        headers
    }

    #[test]
    fn a_caller_is_known_by_key_and_token_until_the_session_ends() {
        let credentials = Credentials::default();
        let own = credentials.issue("role", "Function");
        let caller = credentials.identify(&signed(&own)).unwrap();
        assert_eq!((caller.role_arn.as_str(), caller.function.as_str()), ("role", "Function"));

        let (ended, _) = credentials.assume(caller, Duration::ZERO);
        assert_eq!(credentials.identify(&signed(&ended)), Err(Unidentified::Expired));

        let mut foreign = signed(&own);
        foreign.insert("x-amz-security-token", "another".parse().unwrap());
        assert_eq!(credentials.identify(&foreign), Err(Unidentified::Unknown));
        assert_eq!(credentials.identify(&HeaderMap::new()), Err(Unidentified::Unsigned));
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let credential = Credentials::default().issue("role", "Function");
        let shown = format!("{credential:?}");
        assert!(!shown.contains(&credential.secret_access_key) && !shown.contains(&credential.session_token));
    }
}
