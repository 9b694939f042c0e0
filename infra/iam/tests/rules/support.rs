//! Policies, principals and requests for tests.

use std::sync::Arc;

use iam::{
    Context, Decision, Denial, IdentityPolicy, Policies, Principal, PrincipalPolicies, Request, ResourceKind,
    ResourcePolicy, RoleSession, SessionTags, Tags, User, decide,
};
use serde_json::{Value, json};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";
pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/terrace/function/Role";
pub(crate) const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/Role/session";
pub(crate) const USER: &str = "arn:aws:iam::111122223333:user/operators/Ada";
pub(crate) const TABLE: &str = "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders";

/// A document of the current version.
pub(crate) fn document(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

pub(crate) fn identity(statements: Value) -> Arc<IdentityPolicy> {
    Arc::new(IdentityPolicy::parse("Policy", &document(statements)).unwrap())
}

pub(crate) fn resource(statements: Value) -> ResourcePolicy {
    ResourcePolicy::parse("ResourcePolicy", ResourceKind::Ordinary, &document(statements)).unwrap()
}

pub(crate) fn key(statements: Value) -> ResourcePolicy {
    ResourcePolicy::parse("KeyPolicy", ResourceKind::Key, &document(statements)).unwrap()
}

pub(crate) fn trust(statements: Value) -> ResourcePolicy {
    ResourcePolicy::parse("Trust", ResourceKind::Role, &document(statements)).unwrap()
}

/// A statement about all actions and resources.
pub(crate) fn all(effect: &str) -> Value {
    json!({"Sid": effect, "Effect": effect, "Action": "*", "Resource": "*"})
}

pub(crate) fn grants(statements: Value) -> PrincipalPolicies {
    PrincipalPolicies { identity: vec![identity(statements)], ..PrincipalPolicies::none() }
}

pub(crate) fn tags<const N: usize>(tags: [(&str, &str); N]) -> Tags {
    Tags::new(tags).unwrap()
}

pub(crate) fn issued(tags: &Tags) -> SessionTags {
    SessionTags::issue(&SessionTags::none(), tags, &[] as &[&str]).unwrap()
}

pub(crate) fn session() -> Principal {
    session_of(RoleSession::default())
}

/// A session of [`ROLE`], whose ARN is [`SESSION`].
pub(crate) fn session_of(session: RoleSession) -> Principal {
    let (role_arn, session_name) = (ROLE.to_owned(), "session".to_owned());
    Principal::session(RoleSession { role_arn, session_name, ..session }).unwrap()
}

pub(crate) fn session_with<const N: usize>(session_tags: [(&str, &str); N]) -> Principal {
    session_of(RoleSession { session_tags: issued(&tags(session_tags)), ..RoleSession::default() })
}

pub(crate) fn user() -> Principal {
    Principal::user(User { arn: USER.to_owned(), ..User::default() }).unwrap()
}

/// A request for an item of [`TABLE`].
pub(crate) fn read<'a>(principal: &'a Principal, context: &'a Context) -> Request<'a> {
    Request { principal, action: "dynamodb:GetItem", resource: TABLE, context }
}

/// Within [`ACCOUNT`].
pub(crate) fn policies<'p>(
    principal: &'p PrincipalPolicies,
    resource: Option<&'p ResourcePolicy>,
) -> Policies<'p> {
    Policies { principal, resource, resource_owner: ACCOUNT }
}

/// Whether a statement that allows everything does so under this condition.
pub(crate) fn holds(condition: Value, principal: &Principal, context: &Context) -> bool {
    let policies_of = |effect: &str| {
        let mut statement = all(effect);
        statement["Condition"] = condition.clone();
        grants(json!([all("Allow"), statement]))
    };
    let mut statement = all("Allow");
    statement["Condition"] = condition.clone();
    let allows = grants(json!([statement]));
    let allows = decide(&read(principal, context), &policies(&allows, None)).is_allowed();
    // A condition means the same in both effects.
    let denies = policies_of("Deny");
    let denied = !decide(&read(principal, context), &policies(&denies, None)).is_allowed();
    assert_eq!(allows, denied, "{condition}");
    allows
}

/// Why the decision is a denial.
pub(crate) fn denial<'p>(decision: Decision<'p>) -> Denial<'p> {
    decision.denial().expect("it is allowed")
}
