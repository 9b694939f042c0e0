//! Documents at random.

use iam::{
    Context, IdentityPolicy, Policies, PrincipalPolicies, Request, ResourceKind, ResourcePolicy, decide,
};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::support::{ACCOUNT, ROLE, TABLE, document, user};

/// JSON of the words of policies.
fn any_json() -> impl Strategy<Value = Value> {
    const WORDS: &[&str] = &[
        "Version",
        "2012-10-17",
        "Id",
        "Statement",
        "Sid",
        "Effect",
        "Allow",
        "Deny",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
        "AWS",
        "Service",
        "*",
        "s3:Get*",
        ACCOUNT,
        ROLE,
        TABLE,
        "ForAllValues:StringLike",
        "StringEquals",
        "Null",
        "Bool",
        "NumericEquals",
        "DateEquals",
        "IpAddress",
        "ArnLike",
        "aws:TagKeys",
        "s3:prefix",
        "${aws:username}",
        "${",
        "true",
        "",
        "é",
    ];
    let word = || prop_oneof![9 => select(WORDS).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    let leaf = prop_oneof![
        6 => word().prop_map(Value::String),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((word(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn no_document_panics(value in any_json(), statement in any_json()) {
        for document in [value.clone(), document(value), document(json!([statement]))] {
            let identity = IdentityPolicy::parse("policy", &document);
            if let Err(error) = &identity {
                prop_assert!(!error.to_string().is_empty());
            }
            for kind in [ResourceKind::Ordinary, ResourceKind::Key, ResourceKind::Role] {
                if let Ok(policy) = ResourcePolicy::parse("policy", kind, &document) {
                    policy.keys();
                }
            }
        }
    }

    /// A statement whose parts are each well-formed or not.
    #[test]
    fn no_condition_panics(operator in "(ForAllValues:|ForAnyValue:)?(String|Arn|Numeric|Date|Null|Bool|IpAddress)[A-Za-z]{0,9}(IfExists)?",
                           values in any_json(), value in "\\PC{0,12}") {
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*",
                               "Condition": {operator: {"s3:prefix": [values, value.clone()]}}});
        if let Ok(policy) = IdentityPolicy::parse("policy", &document(statement)) {
            let own = PrincipalPolicies { identity: vec![policy.into()], ..PrincipalPolicies::none() };
            let context = Context::new().with("s3:prefix", value);
            let request = Request { principal: &user(), action: "s3:Get", resource: TABLE, context: &context };
            decide(&request, &Policies { principal: &own, resource: None, resource_owner: ACCOUNT });
        }
    }
}
