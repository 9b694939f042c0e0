//! `ForAllValues:` and `ForAnyValue:`.
//!
//! AWS: Single-valued vs. multivalued context keys, Set operators for multivalued context keys,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>

use iam::{Context, decide};
use serde_json::{Value, json};

use crate::support::{all, grants, holds, policies, read, session, session_with};

/// Conditions with the values of `aws:TagKeys` (or without the key), and whether they hold.
fn check(cases: &[(Value, Option<&[&str]>, bool)]) {
    for (condition, values, expected) in cases {
        let with = |values: &&[&str]| Context::new().with_all("aws:TagKeys", values.iter().copied());
        let context = values.as_ref().map_or(Context::new(), with);
        assert_eq!(holds(condition.clone(), &session(), &context), *expected, "{condition} {values:?}");
    }
}

/// The table of `ForAllValues` with `Null`.
#[test]
fn all_values_have_to_fit_under_for_all_values() {
    let condition = json!({
        "ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "cost-center"]},
        "Null": {"aws:TagKeys": "false"},
    });
    check(&[
        (condition.clone(), Some(&["environment"]), true),
        (condition.clone(), Some(&["cost-center"]), true),
        (condition.clone(), Some(&["environment", "cost-center"]), true),
        (condition.clone(), Some(&["environment", "dept"]), false),
        (condition.clone(), None, false),
        (condition.clone(), Some(&[]), false),
        (condition, Some(&[""]), false),
    ]);
}

/// The table of `ForAnyValue`.
#[test]
fn one_value_has_to_fit_under_for_any_value() {
    let condition = json!({"ForAnyValue:StringEquals": {"aws:TagKeys": ["environment", "cost-center"]}});
    check(&[
        (condition.clone(), Some(&["environment"]), true),
        (condition.clone(), Some(&["cost-center"]), true),
        (condition.clone(), Some(&["environment", "cost-center"]), true),
        (condition.clone(), Some(&["environment", "dept"]), true),
        (condition.clone(), Some(&["dept"]), false),
        (condition.clone(), None, false),
        (condition, Some(&[]), false),
    ]);
}

/// `ForAllValues` "also returns true if there are no context keys in the request", says the page; Condition operators
/// adds "or if the context key value resolves to a null dataset, such as an empty string",
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
#[test]
fn for_all_values_holds_without_values_and_for_any_value_does_not() {
    for operator in ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"] {
        for values in [None, Some(&[] as &[&str]), Some(&["", ""])] {
            check(&[
                (json!({format!("ForAllValues:{operator}"): {"aws:TagKeys": "a"}}), values, true),
                (json!({format!("ForAnyValue:{operator}"): {"aws:TagKeys": "a"}}), values, false),
            ]);
        }
    }
    check(&[
        (json!({"ForAllValues:Bool": {"aws:TagKeys": "true"}}), None, true),
        (json!({"ForAnyValue:Bool": {"aws:TagKeys": "true"}}), None, false),
        (json!({"ForAllValues:ArnLike": {"aws:TagKeys": "arn:*:*:*:*:*"}}), None, true),
        (json!({"ForAnyValue:ArnNotLike": {"aws:TagKeys": "arn:*:*:*:*:*"}}), None, false),
    ]);
}

/// AWS: Condition operators, Multivalued string condition operators: under `ForAllValues` none, under `ForAnyValue` at
/// least one of the request's values must not fit. (The table of that page's example with `aws:ResourceOrgPaths` says the
/// opposite in each of its rows, and contradicts this and the next test's page.)
#[test]
fn negated_operators_keep_their_meaning_in_sets() {
    let all_not = json!({"ForAllValues:StringNotLike": {"aws:TagKeys": ["key1*", "key2*"]}});
    let any_not = json!({"ForAnyValue:StringNotLike": {"aws:TagKeys": ["key1*", "key2*"]}});
    check(&[
        (all_not.clone(), Some(&["key3:audit", "key4"]), true),
        (all_not.clone(), Some(&["key3:audit", "key1:hr"]), false),
        (all_not, Some(&["key1:hr", "key2:hr"]), false),
        (any_not.clone(), Some(&["key3:audit", "key1:hr"]), true),
        (any_not.clone(), Some(&["key1:hr", "key2:hr"]), false),
        (any_not, Some(&["key3:audit"]), true),
    ]);
}

/// AWS: Multivalued context key examples,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html>
/// The first table of that page.
#[test]
fn the_example_with_for_all_values_string_not_like() {
    let condition = json!({"ForAllValues:StringNotLike": {"aws:TagKeys": "key1*"}});
    check(&[
        (condition.clone(), Some(&["key1:legal"]), false),
        (condition.clone(), Some(&["key1:hr", "key1:personnel"]), false),
        (condition.clone(), Some(&["key2:audit"]), true),
        (condition, None, true),
    ]);
}

/// AWS: Condition operators, Example using ForAnyValue with a string condition operator: the table of that example.
#[test]
fn the_example_with_a_tag_and_its_key() {
    let condition = json!({
        "StringEqualsIgnoreCase": {"aws:RequestTag/environment": ["preprod", "storage"]},
        "ForAnyValue:StringEquals": {"aws:TagKeys": "environment"},
    });
    let (environment, with_cost) = (&["environment"][..], &["environment", "costcenter"][..]);
    let (capital, cost) = (&["Environment"][..], &["costcenter"][..]);
    let cases = [
        (Some(environment), Some(("environment", "preprod")), true),
        (Some(with_cost), Some(("environment", "PreProd")), true),
        (Some(capital), Some(("Environment", "preprod")), false),
        (Some(cost), Some(("environment", "preprod")), false),
        (None, Some(("environment", "storage")), false),
        (Some(environment), None, false),
        (None, None, false),
    ];
    for (keys, tag, expected) in cases {
        let mut context = Context::new();
        if let Some(keys) = keys {
            context.set_all("aws:TagKeys", keys.iter().copied());
        }
        if let Some((key, value)) = tag {
            context.set(&format!("aws:RequestTag/{key}"), value);
        }
        assert_eq!(holds(condition.clone(), &session(), &context), expected, "{keys:?} {tag:?}");
    }
}

#[test]
fn if_exists_holds_without_values_in_sets_too() {
    check(&[
        (json!({"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "a"}}), None, true),
        (json!({"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "a"}}), Some(&["b"]), false),
        (json!({"ForAllValues:StringEqualsIfExists": {"aws:TagKeys": "a"}}), None, true),
        (json!({"ForAllValues:StringEqualsIfExists": {"aws:TagKeys": "a"}}), Some(&["a", "b"]), false),
    ]);
}

/// AWS: Using IAM policy conditions for fine-grained access control,
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>: `LeadingKeys` takes
/// `ForAllValues`, also for actions on one item.
#[test]
fn leading_keys_are_those_of_one_tenant() {
    let condition = json!({
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["T#${aws:PrincipalTag/TenantId}#*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    });
    let cases: [(&[&str], bool); 6] = [
        (&["T#ten_1#orders"], true),
        (&["T#ten_1#orders", "T#ten_1#users"], true),
        (&["T#ten_1#orders", "T#ten_2#users"], false),
        (&["T#ten_1"], false),
        (&["T#ten_10#orders"], false),
        (&[], false),
    ];
    for (keys, expected) in cases {
        let context = Context::new().with_all("dynamodb:LeadingKeys", keys.iter().copied());
        let principal = session_with([("TenantId", "ten_1")]);
        assert_eq!(holds(condition.clone(), &principal, &context), expected, "{keys:?}");
        assert!(!holds(condition.clone(), &session(), &context), "{keys:?} without a tenant");
    }
    assert!(!holds(condition, &session_with([("TenantId", "ten_1")]), &Context::new()));
}

/// The documents demand a set operator for a key with several values, and do not say what happens without.
#[test]
fn several_values_under_an_operator_for_one_allow_as_little_as_possible() {
    let context = Context::new().with_all("s3:prefix", ["a", "b"]);
    let decided = |effect: &str, condition: Value| {
        let mut statement = all(effect);
        statement["Condition"] = condition;
        let own = if effect == "Allow" { json!([statement]) } else { json!([all("Allow"), statement]) };
        decide(&read(&session(), &context), &policies(&grants(own), None)).is_allowed()
    };
    assert!(!decided("Allow", json!({"StringEquals": {"s3:prefix": "a"}})));
    assert!(decided("Allow", json!({"StringEquals": {"s3:prefix": ["a", "b"]}})));
    assert!(!decided("Allow", json!({"StringNotEquals": {"s3:prefix": "a"}})));
    assert!(!decided("Deny", json!({"StringEquals": {"s3:prefix": "a"}})));
    assert!(!decided("Deny", json!({"StringNotEquals": {"s3:prefix": "a"}})));
    assert!(decided("Deny", json!({"StringEquals": {"s3:prefix": "c"}})));
}
