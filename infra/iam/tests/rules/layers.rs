//! Policies of several kinds together, within one account.
//!
//! AWS: How AWS enforcement code logic evaluates requests to allow or deny access,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>

use iam::{
    Context, Decision, Denial, Lacking, Layer, Principal, PrincipalPolicies, ResourcePolicy, StatementRef,
    decide, decide_all,
};
use serde_json::{Value, json};

use crate::support::{
    ACCOUNT, ROLE, SESSION, USER, all, denial, grants, identity, policies, read, resource, session, user,
};

/// A policy of the table that allows everything to a principal.
fn granting(principal: Value) -> ResourcePolicy {
    resource(
        json!({"Sid": "Grant", "Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}),
    )
}

fn decided<'p>(
    principal: &Principal,
    own: &'p PrincipalPolicies,
    resource: Option<&'p ResourcePolicy>,
) -> Decision<'p> {
    decide(&read(principal, &Context::new()), &policies(own, resource))
}

/// Deny evaluation.
#[test]
fn an_explicit_deny_goes_before_any_allow() {
    let (allow, deny) = (identity(json!(all("Allow"))), identity(json!(all("Deny"))));
    let table = granting(json!({"AWS": SESSION}));
    let mut denying = all("Deny");
    denying["Principal"] = json!("*");
    let denying = resource(json!([
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}, denying]));
    let full = PrincipalPolicies {
        identity: vec![allow.clone()],
        boundary: Some(allow.clone()),
        session: Some(allow.clone()),
    };
    assert!(decided(&session(), &full, Some(&table)).is_allowed());
    let cases = [
        (
            PrincipalPolicies { identity: vec![allow.clone(), deny.clone()], ..full.clone() },
            Some(&table),
            Layer::Identity,
        ),
        (PrincipalPolicies { boundary: Some(deny.clone()), ..full.clone() }, Some(&table), Layer::Boundary),
        (PrincipalPolicies { session: Some(deny), ..full.clone() }, Some(&table), Layer::Session),
        (full, Some(&denying), Layer::Resource),
    ];
    for (own, resource, layer) in &cases {
        let Denial::Explicit(by) = denial(decided(&session(), own, *resource)) else { panic!("{layer:?}") };
        assert_eq!((by.layer, by.sid), (*layer, Some("Deny")));
    }
}

#[test]
fn nothing_is_allowed_by_default() {
    let none = PrincipalPolicies::none();
    assert_eq!(denial(decided(&session(), &none, None)), Denial::Implicit(Lacking::Identity));
    assert_eq!(denial(decided(&user(), &none, None)), Denial::Implicit(Lacking::Identity));
    let service = Principal::service("events.amazonaws.com");
    assert_eq!(denial(decided(&service, &none, None)), Denial::Implicit(Lacking::Resource));
    assert_eq!(denial(decided(&Principal::anonymous(), &none, None)), Denial::Implicit(Lacking::Resource));
}

/// AWS: Policy evaluation for requests within a single account, Evaluating identity-based policies with resource-based
/// policies,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html>
#[test]
fn within_an_account_either_policy_may_allow() {
    let (own, none) = (grants(json!(all("Allow"))), PrincipalPolicies::none());
    let by_account = granting(json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:root")}));
    let by_role = granting(json!({"AWS": ROLE}));
    assert!(decided(&session(), &own, None).is_allowed());
    assert!(decided(&session(), &none, Some(&by_role)).is_allowed());
    assert!(decided(&session(), &own, Some(&by_account)).is_allowed());
    let by = StatementRef { layer: Layer::Resource, policy: "ResourcePolicy", sid: Some("Grant"), index: 0 };
    assert_eq!(decided(&session(), &none, Some(&by_role)), Decision::Allowed { by });
}

/// AWS: AWS JSON policy elements: Principal, AWS account principals,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts>
#[test]
fn a_grant_to_an_account_is_passed_on_by_its_policies() {
    for account in [json!(ACCOUNT), json!(format!("arn:aws:iam::{ACCOUNT}:root"))] {
        let table = granting(json!({"AWS": account}));
        let none = PrincipalPolicies::none();
        assert_eq!(denial(decided(&session(), &none, Some(&table))), Denial::Implicit(Lacking::Identity));
        assert!(decided(&session(), &grants(json!(all("Allow"))), Some(&table)).is_allowed());
    }
}

/// AWS: Permissions boundaries for IAM entities, Evaluating effective permissions with boundaries,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
/// The second case is the example of that page: a boundary grants nothing by itself.
#[test]
fn a_boundary_limits_what_identity_policies_grant() {
    let items = json!({"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"});
    let queues = json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    let bounded = |identity_policy: &Value, boundary: &Value| PrincipalPolicies {
        boundary: Some(identity(boundary.clone())),
        ..grants(identity_policy.clone())
    };
    assert!(decided(&session(), &bounded(&items, &items), None).is_allowed());
    let outside = bounded(&items, &queues);
    assert_eq!(denial(decided(&session(), &outside, None)), Denial::Implicit(Lacking::Boundary("Policy")));
    let inside = bounded(&queues, &items);
    assert_eq!(denial(decided(&session(), &inside, None)), Denial::Implicit(Lacking::Identity));
}

/// AWS: Policies and permissions in AWS Identity and Access Management, Session policies,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>
#[test]
fn a_session_policy_limits_what_identity_policies_grant() {
    let queues = json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    let own = PrincipalPolicies { session: Some(identity(queues)), ..grants(json!(all("Allow"))) };
    assert_eq!(denial(decided(&session(), &own, None)), Denial::Implicit(Lacking::Session("Policy")));
    let own = PrincipalPolicies { session: Some(identity(json!(all("Allow")))), ..PrincipalPolicies::none() };
    assert_eq!(denial(decided(&session(), &own, None)), Denial::Implicit(Lacking::Identity));
}

/// Resource-based policies: a role's ARN is limited by the implicit denies of a boundary and of a session policy; the
/// ARN of a session or a user is not. `*` is not either, says "IAM role", also with the role in `aws:PrincipalArn`.
#[test]
fn the_closer_a_resource_names_a_principal_the_less_limits_it() {
    let queues = || Some(identity(json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})));
    let none = PrincipalPolicies::none();
    let boundary = PrincipalPolicies { boundary: queues(), ..PrincipalPolicies::none() };
    let session_policy = PrincipalPolicies { session: queues(), ..PrincipalPolicies::none() };
    let (by_boundary, by_session) = (Lacking::Boundary("Policy"), Lacking::Session("Policy"));
    let everyone_with_the_role = resource(json!({
        "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
        "Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE}},
    }));
    let cases = [
        (granting(json!({"AWS": ROLE})), session(), Some(by_boundary), Some(by_session)),
        (granting(json!({"AWS": SESSION})), session(), None, None),
        (granting(json!({"AWS": [ROLE, SESSION]})), session(), None, None),
        (granting(json!("*")), session(), None, None),
        (everyone_with_the_role, session(), None, None),
        (granting(json!({"AWS": USER})), user(), None, None),
    ];
    for (table, principal, limited_by_boundary, limited_by_session) in &cases {
        assert!(decided(principal, &none, Some(table)).is_allowed(), "{table:?}");
        for (own, limit) in [(&boundary, limited_by_boundary), (&session_policy, limited_by_session)] {
            let decision = decided(principal, own, Some(table));
            assert_eq!(decision.denial(), limit.map(Denial::Implicit), "{table:?} {own:?}");
        }
    }
}

/// Boundaries: the last example of the page, where a user reads a secret that his boundary does not mention, but no
/// log that it denies.
#[test]
fn a_deny_of_a_boundary_holds_for_direct_grants_too() {
    let boundary = Some(identity(json!(all("Deny"))));
    let own = PrincipalPolicies { boundary, ..PrincipalPolicies::none() };
    for (principal, name) in [(session(), SESSION), (user(), USER)] {
        let table = granting(json!({"AWS": name}));
        let Denial::Explicit(by) = denial(decided(&principal, &own, Some(&table))) else { panic!("{name}") };
        assert_eq!(by.layer, Layer::Boundary);
    }
}

#[test]
fn every_item_of_a_transaction_has_to_be_allowed() {
    let own = grants(json!({
        "Effect": "Allow", "Action": ["dynamodb:PutItem", "dynamodb:GetItem"], "Resource": "*",
        "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "T#ten_1#*"}},
    }));
    let principal = session();
    let [ours, theirs] =
        ["T#ten_1#a", "T#ten_2#a"].map(|key| Context::new().with_all("dynamodb:LeadingKeys", [key]));
    let item = |action, context| {
        let request = iam::Request { action, ..read(&principal, context) };
        (request, policies(&own, None))
    };
    let lacking = Denial::Implicit(Lacking::Identity);
    let (get, put, delete) = ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem");
    assert_eq!(decide_all([item(get, &ours), item(put, &ours)]), Ok(()));
    assert_eq!(decide_all([item(get, &ours), item(put, &theirs), item(delete, &ours)]), Err((1, lacking)));
    assert_eq!(decide_all([item(get, &ours), item(put, &ours), item(delete, &ours)]), Err((2, lacking)));
    assert_eq!(decide_all([]), Err((0, Denial::NoItem)));
}
