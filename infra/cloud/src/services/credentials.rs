//! Identifies callers by the signatures of functions and of the sessions that they open.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use iam::{InvalidPrincipal, Principal, RoleSession, SessionTags, Tags};
use jiff::Timestamp;
use uuid::Uuid;

use super::signature::{Addressed, Claim, Received, Secret, SigningKeys};
use crate::model::{REGION, Role};

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
    /// With the tags of the role and, above them, of the session; a function's own credentials have those of the role.
    pub(crate) principal: Arc<Principal>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unidentified {
    Unsigned,
    Unknown,
    Expired,
    /// The signature lacks a part, with the reason in AWS's words.
    Incomplete(String),
    /// The signature is not that of this request, with the reason in AWS's words.
    Mismatch(String),
}

#[derive(Debug)]
struct Session {
    caller: Caller,
    credential: Credential,
    expires: Option<Timestamp>,
    signing_keys: SigningKeys,
}

#[derive(Debug, Default)]
pub struct Credentials {
    /// By the ARN of the role.
    role_tags: HashMap<String, Tags>,
    sessions: Mutex<HashMap<String, Arc<Session>>>,
}

impl Credentials {
    pub(crate) fn new(roles: &[Role]) -> Credentials {
        let role_tags = roles.iter().map(|role| (role.arn.clone(), role.tags.clone())).collect();
        Credentials { role_tags, sessions: Mutex::default() }
    }

    /// The caller whom a session of the role makes.
    pub(crate) fn caller(
        &self,
        role_arn: &str,
        function: &str,
        session_name: &str,
        session_tags: SessionTags,
    ) -> Result<Caller, InvalidPrincipal> {
        let session = RoleSession {
            role_arn: role_arn.to_owned(),
            session_name: session_name.to_owned(),
            role_tags: self.role_tags.get(role_arn).cloned().unwrap_or_default(),
            session_tags,
            issued_at: Some(Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            ..RoleSession::default()
        };
        let (role_arn, function) = (role_arn.to_owned(), function.to_owned());
        Ok(Caller { role_arn, function, principal: Arc::new(Principal::session(session)?) })
    }

    /// Issues credentials of a function's own role, which are valid while the cloud runs.
    pub fn issue(&self, role_arn: &str, caller: &str) -> Credential {
        let nobody = |_| Caller {
            role_arn: role_arn.to_owned(),
            function: caller.to_owned(),
            principal: Arc::new(Principal::anonymous()),
        };
        self.open(self.caller(role_arn, caller, caller, SessionTags::none()).unwrap_or_else(nobody), None)
    }

    pub(crate) fn assume(&self, caller: Caller, duration: Duration) -> (Credential, Timestamp) {
        let expires = Timestamp::now() + duration;
        self.forget_long_expired();
        (self.open(caller, Some(expires)), expires)
    }

    /// The caller, if the request is signed with the secret of its session, for this service.
    pub(crate) fn identify(&self, request: Received<'_>, service: &str) -> Result<Caller, Unidentified> {
        let claim = Claim::read(request.headers)?;
        let session = self.sessions().get(claim.access_key_id).cloned().ok_or(Unidentified::Unknown)?;
        if request.header("x-amz-security-token") != Some(session.credential.session_token.as_str()) {
            return Err(Unidentified::Unknown);
        }
        let now = Timestamp::now();
        if session.expires.is_some_and(|expires| expires <= now) {
            return Err(Unidentified::Expired);
        }
        let addressed = Addressed { region: REGION, service };
        let secret = Secret { key: &session.credential.secret_access_key, derived: &session.signing_keys };
        claim.verify(request, secret, addressed, now)?;
        Ok(session.caller.clone())
    }

    /// All secret access keys and session tokens that were issued. For tests, which look for them where they must not be.
    pub fn secrets(&self) -> Vec<String> {
        let secrets = |session: &Arc<Session>| {
            let Credential { secret_access_key, session_token, .. } = session.credential.clone();
            [secret_access_key, session_token]
        };
        self.sessions().values().flat_map(secrets).collect()
    }

    fn open(&self, caller: Caller, expires: Option<Timestamp>) -> Credential {
        let credential = Credential {
            access_key_id: format!("ASIA{}", &random(1)[..16]),
            secret_access_key: random(2)[..40].to_owned(),
            session_token: random(4),
        };
        let session =
            Session { caller, credential: credential.clone(), expires, signing_keys: SigningKeys::default() };
        self.sessions().insert(credential.access_key_id.clone(), Arc::new(session));
        credential
    }

    /// Keeps sessions for an hour after they expire, so that they are refused as expired and not as unknown.
    fn forget_long_expired(&self) {
        let limit = Timestamp::now() - Duration::from_secs(3600);
        self.sessions().retain(|_, session| session.expires.is_none_or(|expires| expires > limit));
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn random(uuids: usize) -> String {
    (0..uuids).map(|_| Uuid::new_v4().simple().to_string().to_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::signature::tests::signed;
    use super::*;

    #[test]
    fn a_caller_is_known_by_key_and_token_until_the_session_ends() {
        let credentials = Credentials::default();
        let own = credentials.issue("role", "Function");
        let identify = |credential: &Credential| {
            let request = signed(credential, Timestamp::now());
            credentials.identify(request.received(), "dynamodb")
        };
        let caller = identify(&own).unwrap();
        assert_eq!((caller.role_arn.as_str(), caller.function.as_str()), ("role", "Function"));

        let (ended, _) = credentials.assume(caller, Duration::ZERO);
        assert_eq!(identify(&ended), Err(Unidentified::Expired));
        let foreign_token = Credential { session_token: "another".into(), ..own.clone() };
        assert_eq!(identify(&foreign_token), Err(Unidentified::Unknown));
        let foreign_key = Credential { access_key_id: "ASIAUNKNOWN".into(), ..own.clone() };
        assert_eq!(identify(&foreign_key), Err(Unidentified::Unknown));
        let foreign_secret = Credential { secret_access_key: "guessed".into(), ..own };
        assert!(matches!(identify(&foreign_secret), Err(Unidentified::Mismatch(_))));
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let credential = Credentials::default().issue("role", "Function");
        let shown = format!("{credential:?}");
        assert!(!shown.contains(&credential.secret_access_key) && !shown.contains(&credential.session_token));
    }
}
