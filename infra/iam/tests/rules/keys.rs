//! Keys of KMS.
//!
//! AWS: Key policies in AWS KMS, <https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html>;
//! Default key policy, <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>

use iam::{Context, Denial, Lacking, PrincipalPolicies, Request, ResourcePolicy, decide};
use serde_json::json;

use crate::support::{ACCOUNT, ROLE, SESSION, all, grants, identity, key, policies, session};

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn sign<'p>(own: &'p PrincipalPolicies, key: Option<&'p ResourcePolicy>) -> Option<Denial<'p>> {
    let request =
        Request { principal: &session(), action: "kms:Sign", resource: KEY, context: &Context::new() };
    decide(&request, &policies(own, key)).denial()
}

/// The default policy: it gives IAM policies their effect, and grants nothing to a role by itself. The second case is
/// Example 1 of Troubleshooting key access,
/// <https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html>
#[test]
fn identity_policies_count_where_the_key_gives_them_to_the_account() {
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    let default = key(json!({
        "Sid": "Enable IAM policies", "Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*",
    }));
    let own = grants(json!({"Effect": "Allow", "Action": "kms:Sign", "Resource": KEY}));
    assert_eq!(sign(&own, Some(&default)), None);
    let none = PrincipalPolicies::none();
    assert_eq!(sign(&none, Some(&default)), Some(Denial::Implicit(Lacking::Identity)));
}

#[test]
fn without_the_account_in_the_key_policy_identity_policies_do_not_count() {
    let own = grants(json!(all("Allow")));
    let lacking = Some(Denial::Implicit(Lacking::Key));
    let other_role = key(json!({
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/Other"}, "Action": "kms:*",
        "Resource": "*",
    }));
    assert_eq!(sign(&own, Some(&other_role)), lacking);
    let other_action = key(json!({
        "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:Describe*", "Resource": "*",
    }));
    assert_eq!(sign(&own, Some(&other_action)), lacking);
    // A caller that forgets the policy of a key, which every key has, does not open it.
    assert_eq!(sign(&own, None), lacking);
}

#[test]
fn an_identity_policy_denies_also_what_a_key_policy_allows() {
    let key =
        key(json!({"Effect": "Allow", "Principal": {"AWS": SESSION}, "Action": "kms:*", "Resource": "*"}));
    assert_eq!(sign(&PrincipalPolicies::none(), Some(&key)), None);
    let own = grants(json!(all("Deny")));
    assert!(matches!(sign(&own, Some(&key)), Some(Denial::Explicit(_))));
}

#[test]
fn a_key_policy_that_names_a_role_needs_no_identity_policy() {
    let key =
        key(json!({"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "kms:Sign", "Resource": "*"}));
    assert_eq!(sign(&PrincipalPolicies::none(), Some(&key)), None);
    let queues = identity(json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}));
    let bounded = PrincipalPolicies { boundary: Some(queues), ..PrincipalPolicies::none() };
    assert_eq!(sign(&bounded, Some(&key)), Some(Denial::Implicit(Lacking::Boundary("Policy"))));
}
