//! Requests across accounts.
//!
//! AWS: Cross-account policy evaluation logic,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>

use iam::{Context, Denial, Lacking, Policies, PrincipalPolicies, decide};
use serde_json::{Value, json};

use crate::support::{ACCOUNT, OTHER_ACCOUNT, ROLE, SESSION, all, grants, read, resource, session};

#[test]
fn across_accounts_both_sides_have_to_allow() {
    let (own, none) = (grants(json!(all("Allow"))), PrincipalPolicies::none());
    let granting = |principal: Value| {
        resource(json!({"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}))
    };
    let (principal, context) = (session(), Context::new());
    let request = read(&principal, &context);
    for names in [json!({"AWS": ACCOUNT}), json!({"AWS": ROLE}), json!({"AWS": SESSION}), json!("*")] {
        let table = granting(names);
        let of = |principal, resource| {
            decide(&request, &Policies { principal, resource, resource_owner: OTHER_ACCOUNT }).denial()
        };
        assert_eq!(of(&own, Some(&table)), None, "{table:?}");
        assert_eq!(of(&none, Some(&table)), Some(Denial::Implicit(Lacking::Identity)), "{table:?}");
        assert_eq!(of(&own, None), Some(Denial::Implicit(Lacking::Resource)));
    }
    let elsewhere = granting(json!({"AWS": OTHER_ACCOUNT}));
    let policies = Policies { principal: &own, resource: Some(&elsewhere), resource_owner: OTHER_ACCOUNT };
    assert_eq!(decide(&request, &policies).denial(), Some(Denial::Implicit(Lacking::Resource)));
}
