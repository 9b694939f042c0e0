//! Who may assume a role.
//!
//! AWS: AssumeRole, <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>;
//! Pass session tags in AWS STS, <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>

use iam::{
    AssumeRole, Context, Denial, Lacking, Principal, PrincipalPolicies, ResourcePolicy, RoleSession, Tags,
    assume_role,
};
use serde_json::{Value, json};

use crate::support::{
    ACCOUNT, ROLE, SESSION, USER, all, denial, grants, policies, session, session_of, session_with, tags,
    trust, user,
};

const TARGET: &str = "arn:aws:iam::111122223333:role/terrace/tenant/Data";

/// A call without tags.
fn call<'a>(
    caller: &'a Principal,
    caller_policies: &'a PrincipalPolicies,
    trust: &'a ResourcePolicy,
) -> AssumeRole<'a> {
    const CONTEXT: &Context = &Context::new();
    const TAGS: &Tags = &Tags::none();
    AssumeRole {
        caller,
        caller_policies,
        role_arn: TARGET,
        trust,
        role_tags: TAGS,
        session_name: "session",
        tags: TAGS,
        transitive_keys: &[],
        source_identity: None,
        external_id: None,
        context: CONTEXT,
    }
}

/// The action that is denied, and why.
fn denied<'p>(call: &AssumeRole<'p>) -> Option<(&'static str, Denial<'p>)> {
    assume_role(call).err().map(|denied| (denied.action, denied.denial))
}

fn trusting(principal: Value, actions: &[&str]) -> ResourcePolicy {
    trust(json!({"Sid": "Trust", "Effect": "Allow", "Principal": principal, "Action": actions}))
}

fn may(actions: &[&str]) -> PrincipalPolicies {
    grants(json!({"Effect": "Allow", "Action": actions, "Resource": TARGET}))
}

/// AssumeRole: within an account, the trust policy names the account and a policy of the caller allows the call, or the
/// trust policy names the caller, and "no additional identity-based policy is required".
#[test]
fn the_trust_policy_has_to_allow_and_the_callers_policy_unless_it_is_named() {
    let (none, own) = (PrincipalPolicies::none(), may(&["sts:AssumeRole"]));
    let only = &["sts:AssumeRole"];
    let by_account = trusting(json!({"AWS": ACCOUNT}), only);
    let by_name = trusting(json!({"AWS": [ROLE, USER]}), only);
    let other = trusting(json!({"AWS": "arn:aws:iam::111122223333:role/Other"}), only);
    for caller in [session(), user()] {
        assert_eq!(denied(&call(&caller, &own, &by_account)), None);
        let lacking = ("sts:AssumeRole", Denial::Implicit(Lacking::Identity));
        assert_eq!(denied(&call(&caller, &none, &by_account)), Some(lacking));
        assert_eq!(denied(&call(&caller, &none, &by_name)), None);
        let lacking = ("sts:AssumeRole", Denial::Implicit(Lacking::Trust));
        assert_eq!(denied(&call(&caller, &own, &other)), Some(lacking));
    }
    let by_session = trusting(json!({"AWS": SESSION}), only);
    assert_eq!(denied(&call(&session(), &none, &by_session)), None);
}

/// AWS: Announcing an update to IAM role trust policy behavior: a role does not trust itself unless its policy says so,
/// <https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/>
#[test]
fn a_role_does_not_trust_itself() {
    let caller = session_of(RoleSession::default());
    let lambda = trusting(json!({"Service": "lambda.amazonaws.com"}), &["sts:AssumeRole"]);
    let own = grants(json!(all("Allow")));
    let itself = AssumeRole { role_arn: ROLE, ..call(&caller, &own, &lambda) };
    assert_eq!(denied(&itself), Some(("sts:AssumeRole", Denial::Implicit(Lacking::Trust))));
}

#[test]
fn a_service_assumes_the_roles_that_trust_it() {
    let lambda = trusting(json!({"Service": "lambda.amazonaws.com"}), &["sts:AssumeRole"]);
    let none = PrincipalPolicies::none();
    assert_eq!(denied(&call(&Principal::service("lambda.amazonaws.com"), &none, &lambda)), None);
    let events = Principal::service("events.amazonaws.com");
    let lacking = ("sts:AssumeRole", Denial::Implicit(Lacking::Trust));
    assert_eq!(denied(&call(&events, &none, &lambda)), Some(lacking));
}

/// Permissions required to add session tags: `sts:TagSession` as well, in the trust policy and in the caller's.
#[test]
fn tags_are_passed_where_both_sides_allow_that_too() {
    let passed = tags([("TenantId", "ten_1")]);
    let (assume, both) = (&["sts:AssumeRole"][..], &["sts:AssumeRole", "sts:TagSession"][..]);
    let caller = session();
    let cases =
        [(both, both, None), (both, assume, Some(Lacking::Identity)), (assume, both, Some(Lacking::Trust))];
    for (trusted, allowed, lacking) in cases {
        let (trust, own) = (trusting(json!({"AWS": ACCOUNT}), trusted), may(allowed));
        let tagged = AssumeRole { tags: &passed, ..call(&caller, &own, &trust) };
        assert_eq!(denied(&tagged), lacking.map(|lacking| ("sts:TagSession", Denial::Implicit(lacking))));
        assert_eq!(denied(&call(&caller, &own, &trust)), None);
    }
}

/// The example of that section: three tags are passed, `Department` has one of two values, and no other tags than two
/// may be transitive.
#[test]
fn the_example_with_project_cost_center_and_department() {
    let trust = trust(json!([
        {
            "Sid": "AllowIamUserAssumeRole",
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"AWS": USER},
            "Condition": {
                "StringLike": {
                    "aws:RequestTag/Project": "*",
                    "aws:RequestTag/CostCenter": "*",
                    "aws:RequestTag/Department": "*",
                },
                "StringEquals": {"sts:ExternalId": "Example987"},
            },
        },
        {
            "Sid": "AllowPassSessionTagsAndTransitive",
            "Effect": "Allow",
            "Action": "sts:TagSession",
            "Principal": {"AWS": USER},
            "Condition": {
                "StringLike": {"aws:RequestTag/Project": "*", "aws:RequestTag/CostCenter": "*"},
                "StringEquals": {"aws:RequestTag/Department": ["Engineering", "Marketing"]},
                "ForAllValues:StringEquals": {"sts:TransitiveTagKeys": ["Project", "Department"]},
            },
        },
    ]));
    let (caller, none) = (user(), PrincipalPolicies::none());
    let all = tags([("Project", "Automation"), ("CostCenter", "12345"), ("Department", "Engineering")]);
    let sales = tags([("Project", "Automation"), ("CostCenter", "12345"), ("Department", "Sales")]);
    let two = tags([("Project", "Automation"), ("Department", "Engineering")]);
    let project = ["Project".to_owned(), "Department".to_owned()];
    let cost_center = ["Project".to_owned(), "CostCenter".to_owned()];
    let example = AssumeRole {
        tags: &all,
        transitive_keys: &project,
        external_id: Some("Example987"),
        ..call(&caller, &none, &trust)
    };
    let cases = [
        (example, None),
        (AssumeRole { transitive_keys: &[], ..example }, None),
        (AssumeRole { transitive_keys: &cost_center, ..example }, Some("sts:TagSession")),
        (AssumeRole { tags: &sales, ..example }, Some("sts:TagSession")),
        (AssumeRole { tags: &two, ..example }, Some("sts:AssumeRole")),
        (AssumeRole { external_id: None, ..example }, Some("sts:AssumeRole")),
        (AssumeRole { external_id: Some("other"), ..example }, Some("sts:AssumeRole")),
    ];
    for (call, action) in cases {
        assert_eq!(denied(&call).map(|(action, _)| action), action, "{call:?}");
    }
}

/// AWS: IAM and AWS STS condition context keys, sts:RoleSessionName,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname>
/// The example there: users name the session after themselves, and sessions of roles have no user name.
#[test]
fn the_name_of_a_session_is_a_key() {
    let trust = trust(json!({
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": format!("arn:aws:iam::{ACCOUNT}:root")},
        "Condition": {"StringLike": {"sts:RoleSessionName": "${aws:username}"}},
    }));
    let own = may(&["sts:AssumeRole"]);
    for (caller, name, expected) in [(user(), "Ada", true), (user(), "Bob", false), (session(), "Ada", false)]
    {
        let call = AssumeRole { session_name: name, ..call(&caller, &own, &trust) };
        assert_eq!(assume_role(&call).is_ok(), expected, "{} {name}", caller.name());
    }
}

/// AWS: Monitor and control actions taken with assumed roles, Permissions required to set source identity,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>
#[test]
fn a_source_identity_is_set_and_carried_on_where_both_sides_allow_that_too() {
    let all_three = &["sts:AssumeRole", "sts:SetSourceIdentity"][..];
    let only = &["sts:AssumeRole"][..];
    let source_identity = Some("Ada".to_owned());
    let carrying = session_of(RoleSession { source_identity, ..RoleSession::default() });
    let by_account = |actions| trusting(json!({"AWS": ACCOUNT}), actions);
    let (full, bare) = (by_account(all_three), by_account(only));
    let (may_all, may_only) = (may(all_three), may(only));
    let fresh = session();
    for (caller, passed) in [(&fresh, Some("Ada")), (&carrying, None)] {
        let of = |own, trust| {
            let call = AssumeRole { source_identity: passed, ..call(caller, own, trust) };
            assume_role(&call).err().map(|denied| (denied.action, denied.denial))
        };
        assert_eq!(of(&may_all, &full), None);
        let action = "sts:SetSourceIdentity";
        assert_eq!(of(&may_all, &bare), Some((action, Denial::Implicit(Lacking::Trust))));
        assert_eq!(of(&may_only, &full), Some((action, Denial::Implicit(Lacking::Identity))));
    }
    assert_eq!(denied(&call(&fresh, &may_only, &bare)), None);
}

/// A caller cannot go around a trust policy with the general question.
#[test]
fn without_a_trust_policy_no_role_is_assumed() {
    let own = grants(json!(all("Allow")));
    for action in ["sts:AssumeRole", "STS:assumerole", "sts:TagSession", "sts:SetSourceIdentity"] {
        let caller = session_with([]);
        let request = iam::Request { principal: &caller, action, resource: TARGET, context: &Context::new() };
        let decision = iam::decide(&request, &policies(&own, None));
        assert_eq!(denial(decision), Denial::Implicit(Lacking::Trust), "{action}");
    }
    // Nor with an action that this crate does not know.
    let lambda = trusting(json!({"Service": "lambda.amazonaws.com"}), &["sts:AssumeRole"]);
    let (caller, action) = (session(), "sts:AssumeRoleWithWebIdentity");
    let request = iam::Request { principal: &caller, action, resource: TARGET, context: &Context::new() };
    let decision = iam::decide(&request, &policies(&own, Some(&lambda)));
    assert_eq!(denial(decision), Denial::Implicit(Lacking::Trust));
}
