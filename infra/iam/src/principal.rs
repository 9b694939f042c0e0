//! Who asks.

use crate::arn::{Arn, last_of};
use crate::context::Context;
use crate::tags::{SessionTags, Tags};

/// Who makes a request, with the condition keys that follow from that.
///
/// AWS: IAM policy elements: Variables and tags, Principal key values,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    identity: Identity,
    name: String,
    account: Option<String>,
    keys: Context,
    session_tags: SessionTags,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    Session { role_arn: Box<str> },
    User,
    Service,
    Anonymous,
}

/// A session of a role, as `AssumeRole` makes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleSession {
    /// With the role's path: `arn:aws:iam::123456789012:role/terrace/tenant/Data`.
    pub role_arn: String,
    /// The name of the session.
    pub session_name: String,
    /// The tags of the role itself.
    pub role_tags: Tags,
    /// The tags of the session, which override those of the role.
    pub session_tags: SessionTags,
    /// The unique id of the role, of which `aws:userid` is made. Without it, that key is missing.
    pub role_id: Option<String>,
    /// `aws:SourceIdentity`.
    pub source_identity: Option<String>,
    /// `aws:TokenIssueTime`, in ISO 8601.
    pub issued_at: Option<String>,
}

/// A user with keys of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    /// With the user's path: `arn:aws:iam::123456789012:user/operators/Ada`.
    pub arn: String,
    /// The user's tags.
    pub tags: Tags,
    /// The unique id of the user, `aws:userid`. Without it, that key is missing.
    pub user_id: Option<String>,
}

/// A principal that cannot exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not {expected}")]
pub struct InvalidPrincipal {
    /// What was given.
    pub name: String,
    /// What it should be.
    pub expected: &'static str,
}

impl Principal {
    /// A session of a role.
    pub fn session(session: RoleSession) -> Result<Principal, InvalidPrincipal> {
        let RoleSession {
            role_arn,
            session_name,
            role_tags,
            session_tags,
            role_id,
            source_identity,
            issued_at,
        } = session;
        let invalid = |name: &str, expected| InvalidPrincipal { name: name.to_owned(), expected };
        let arn = Arn::parse(&role_arn).and_then(|arn| Some((arn, arn.iam("role")?)));
        let (arn, path) = arn.ok_or_else(|| invalid(&role_arn, "the ARN of a role"))?;
        if session_name.is_empty() || session_name.contains('/') {
            return Err(invalid(&session_name, "the name of a session"));
        }
        // The ARN of a session leaves the path of its role out.
        let Arn { partition, account, .. } = arn;
        let name = format!("arn:{partition}:sts::{account}:assumed-role/{}/{session_name}", last_of(path));
        let mut keys =
            of_iam(&role_arn, account, "AssumedRole", &role_tags.overridden_by(session_tags.tags()));
        if let Some(role_id) = role_id {
            keys.set("aws:userid", format!("{role_id}:{session_name}"));
        }
        let of_session = [("aws:SourceIdentity", source_identity), ("aws:TokenIssueTime", issued_at)];
        for (key, value) in of_session {
            if let Some(value) = value {
                keys.set(key, value);
            }
        }
        let account = Some(account.to_owned());
        let identity = Identity::Session { role_arn: role_arn.into() };
        Ok(Principal { identity, name, account, keys, session_tags })
    }

    /// A user. The root user of an account, whom policies do not limit, is none.
    pub fn user(user: User) -> Result<Principal, InvalidPrincipal> {
        let User { arn: name, tags, user_id } = user;
        let arn = Arn::parse(&name).and_then(|arn| Some((arn.account.to_owned(), last_of(arn.iam("user")?))));
        let Some((account, user_name)) = arn else {
            return Err(InvalidPrincipal { name, expected: "the ARN of a user" });
        };
        let mut keys = of_iam(&name, &account, "User", &tags);
        keys.set("aws:username", user_name);
        if let Some(user_id) = user_id {
            keys.set("aws:userid", user_id);
        }
        let session_tags = SessionTags::none();
        Ok(Principal { identity: Identity::User, name, account: Some(account), keys, session_tags })
    }

    /// A service of AWS in its own name, such as `events.amazonaws.com`.
    ///
    /// The documents do not say which account, type, id or ARN it has: those keys are missing.
    pub fn service(name: &str) -> Principal {
        let keys = Context::new()
            .with("aws:PrincipalIsAWSService", "true")
            .with("aws:PrincipalServiceName", name)
            .with_all("aws:PrincipalServiceNamesList", [name]);
        Principal {
            identity: Identity::Service,
            name: name.to_owned(),
            account: None,
            keys,
            session_tags: SessionTags::none(),
        }
    }

    /// Whoever does not sign a request.
    pub fn anonymous() -> Principal {
        let keys = Context::new()
            .with("aws:PrincipalAccount", "anonymous")
            .with("aws:PrincipalType", "Anonymous")
            .with("aws:userid", "anonymous");
        Principal {
            identity: Identity::Anonymous,
            name: "anonymous".to_owned(),
            account: None,
            keys,
            session_tags: SessionTags::none(),
        }
    }

    /// The ARN of the session or the user, or the name of the service.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The ARN of the role of a session, with its path.
    pub fn role_arn(&self) -> Option<&str> {
        if let Identity::Session { role_arn } = &self.identity { Some(role_arn) } else { None }
    }

    /// The account of a session or a user.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The tags of the session, from which the next one of a chain inherits. Others have none.
    pub fn session_tags(&self) -> &SessionTags {
        &self.session_tags
    }

    /// The values of a key that follows from the principal, such as `aws:PrincipalTag/TenantId`.
    pub fn key(&self, name: &str) -> Option<&[String]> {
        self.keys.get(&name.to_ascii_lowercase())
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn keys(&self) -> &Context {
        &self.keys
    }
}

/// The keys that users and sessions have.
fn of_iam(arn: &str, account: &str, principal_type: &str, tags: &Tags) -> Context {
    let mut keys = Context::new()
        .with("aws:PrincipalArn", arn)
        .with("aws:PrincipalAccount", account)
        .with("aws:PrincipalType", principal_type)
        .with("aws:PrincipalIsAWSService", "false");
    for (key, value) in tags.iter() {
        keys.set(&format!("aws:PrincipalTag/{key}"), value);
    }
    keys
}
