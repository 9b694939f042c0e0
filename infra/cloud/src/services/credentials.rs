//! Identifies callers by the signatures of functions, of the sessions that they open, and of the template's profiles.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use iam::{InvalidPrincipal, Principal, RoleSession, SessionTags, Tags, User};
use jiff::Timestamp;
use uuid::Uuid;

use super::signature::{Addressed, Claim, Received, Secret, SigningKeys};
use crate::model::{Profile, ProfileIdentity, REGION, Stack};

#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    pub access_key_id: String,
    pub secret_access_key: String,
    /// `None` of a user's own key.
    pub session_token: Option<String>,
}

impl Credential {
    fn of_user() -> Credential {
        Credential {
            access_key_id: format!("AKIA{}", &random(1)[..16]),
            secret_access_key: random(2)[..40].to_owned(),
            session_token: None,
        }
    }

    fn of_session() -> Credential {
        Credential {
            access_key_id: format!("ASIA{}", &random(1)[..16]),
            secret_access_key: random(2)[..40].to_owned(),
            session_token: Some(random(4)),
        }
    }
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
    pub origin: Origin,
    /// With the tags of the role and, above them, of the session; a function's own credentials have those of the role.
    pub(crate) principal: Arc<Principal>,
}

impl Caller {
    /// The unique id of the user, or that of the role with the name of the session.
    pub(crate) fn user_id(&self) -> &str {
        self.principal.key("aws:userid").and_then(<[String]>::first).map_or("", String::as_str)
    }
}

/// Who is at the start of a chain of sessions. Logs and counts name it; nothing is decided by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The logical id of a function.
    Function(String),
    /// The name of a profile.
    Profile(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Function(logical_id) => formatter.write_str(logical_id),
            Origin::Profile(name) => write!(formatter, "profile {name}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unidentified {
    #[error("it is not signed in its header Authorization")]
    Unsigned,
    #[error("its key is not known, or the session's token is not that of the key")]
    Unknown,
    #[error("its session has ended")]
    Expired,
    /// The signature lacks a part, with the reason in AWS's words.
    #[error("{0}")]
    Incomplete(String),
    /// The signature is not that of this request, with the reason in AWS's words.
    #[error("{0}")]
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
    /// By the names of the profiles.
    profiles: BTreeMap<String, Credential>,
    sessions: Mutex<HashMap<String, Arc<Session>>>,
}

impl Credentials {
    pub(crate) fn new(stack: &Stack) -> Result<Credentials, InvalidPrincipal> {
        let role_tags = stack.roles.iter().map(|role| (role.arn.clone(), role.tags.clone())).collect();
        let mut credentials = Credentials { role_tags, ..Credentials::default() };
        for profile in &stack.profiles {
            let credential = credentials.issue_profile(profile)?;
            credentials.profiles.insert(profile.name.clone(), credential);
        }
        Ok(credentials)
    }

    /// The credentials of the template's profiles, by their names. They are valid while the cloud runs.
    pub fn profiles(&self) -> &BTreeMap<String, Credential> {
        &self.profiles
    }

    fn issue_profile(&self, Profile { name, identity }: &Profile) -> Result<Credential, InvalidPrincipal> {
        let origin = Origin::Profile(name.clone());
        Ok(match identity {
            ProfileIdentity::User { arn, .. } => {
                let user =
                    User { arn: arn.clone(), user_id: Some(unique_id("AIDA", arn)), ..User::default() };
                let caller = Caller { origin, principal: Arc::new(Principal::user(user)?) };
                self.open(caller, Credential::of_user(), None)
            }
            ProfileIdentity::Session { role_arn } => {
                let caller = self.caller(role_arn, origin, name, SessionTags::none())?;
                self.open(caller, Credential::of_session(), None)
            }
        })
    }

    /// The caller whom a session of the role makes.
    pub(crate) fn caller(
        &self,
        role_arn: &str,
        origin: Origin,
        session_name: &str,
        session_tags: SessionTags,
    ) -> Result<Caller, InvalidPrincipal> {
        let session = RoleSession {
            role_arn: role_arn.to_owned(),
            session_name: session_name.to_owned(),
            role_tags: self.role_tags.get(role_arn).cloned().unwrap_or_default(),
            session_tags,
            role_id: Some(unique_id("AROA", role_arn)),
            source_identity: None,
            issued_at: Some(Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        };
        Ok(Caller { origin, principal: Arc::new(Principal::session(session)?) })
    }

    /// Issues credentials of a function's own role, which are valid while the cloud runs.
    pub fn issue(&self, role_arn: &str, function: &str) -> Credential {
        let origin = Origin::Function(function.to_owned());
        let nobody = Caller { origin: origin.clone(), principal: Arc::new(Principal::anonymous()) };
        let caller = self.caller(role_arn, origin, function, SessionTags::none()).unwrap_or(nobody);
        self.open(caller, Credential::of_session(), None)
    }

    pub(crate) fn assume(&self, caller: Caller, duration: Duration) -> (Credential, Timestamp) {
        let expires = Timestamp::now() + duration;
        self.forget_long_expired();
        (self.open(caller, Credential::of_session(), Some(expires)), expires)
    }

    /// The caller, if the request is signed with the secret of its session, for this service.
    pub(crate) fn identify(&self, request: Received<'_>, service: &str) -> Result<Caller, Unidentified> {
        let claim = Claim::read(request.headers)?;
        let session = self.sessions().get(claim.access_key_id).cloned().ok_or(Unidentified::Unknown)?;
        if request.header("x-amz-security-token") != session.credential.session_token.as_deref() {
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
            std::iter::once(secret_access_key).chain(session_token)
        };
        self.sessions().values().flat_map(secrets).collect()
    }

    fn open(&self, caller: Caller, credential: Credential, expires: Option<Timestamp>) -> Credential {
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

/// As IAM gives a user or a role one. Here it follows from the ARN.
fn unique_id(prefix: &str, arn: &str) -> String {
    let digits = Uuid::new_v5(&Uuid::NAMESPACE_OID, arn.as_bytes()).simple().to_string().to_uppercase();
    format!("{prefix}{}", &digits[..17])
}

fn random(uuids: usize) -> String {
    (0..uuids).map(|_| Uuid::new_v4().simple().to_string().to_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::signature::tests::signed;
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/shop/Worker";

    #[test]
    fn a_caller_is_known_by_key_and_token_until_the_session_ends() {
        let credentials = Credentials::default();
        let own = credentials.issue(ROLE, "Function");
        let identify = |credential: &Credential| {
            let request = signed(credential, Timestamp::now());
            credentials.identify(request.received(), "dynamodb")
        };
        let caller = identify(&own).unwrap();
        assert_eq!(caller.principal.role_arn(), Some(ROLE));
        assert_eq!(caller.origin, Origin::Function("Function".to_owned()));

        let (ended, _) = credentials.assume(caller, Duration::ZERO);
        assert_eq!(identify(&ended), Err(Unidentified::Expired));
        for session_token in [Some("another".to_owned()), None] {
            let foreign_token = Credential { session_token, ..own.clone() };
            assert_eq!(identify(&foreign_token), Err(Unidentified::Unknown));
        }
        let foreign_key = Credential { access_key_id: "ASIAUNKNOWN".into(), ..own.clone() };
        assert_eq!(identify(&foreign_key), Err(Unidentified::Unknown));
        let foreign_secret = Credential { secret_access_key: "guessed".into(), ..own };
        assert!(matches!(identify(&foreign_secret), Err(Unidentified::Mismatch(_))));
    }

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let credential = Credentials::default().issue(ROLE, "Function");
        let (shown, token) = (format!("{credential:?}"), credential.session_token.unwrap());
        assert!(!shown.contains(&credential.secret_access_key) && !shown.contains(&token));
    }
}
