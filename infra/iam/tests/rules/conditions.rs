//! Operators on keys with one value.
//!
//! AWS: IAM JSON policy elements: Condition operators,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use iam::Context;
use serde_json::{Value, json};

use crate::support::{holds, session, session_with};

/// Conditions with the value of `s3:prefix` (or without the key), and whether they hold.
fn check(cases: &[(Value, Option<&str>, bool)]) {
    for (condition, value, expected) in cases {
        let context = value.map_or(Context::new(), |value| Context::new().with("s3:prefix", value));
        assert_eq!(holds(condition.clone(), &session(), &context), *expected, "{condition} {value:?}");
    }
}

/// AWS: String condition operators,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String>
#[test]
fn strings_are_compared_with_or_without_case_and_wildcards() {
    check(&[
        (json!({"StringEquals": {"s3:prefix": "home/"}}), Some("home/"), true),
        (json!({"StringEquals": {"s3:prefix": "home/"}}), Some("Home/"), false),
        (json!({"StringEquals": {"s3:prefix": "home/*"}}), Some("home/a"), false),
        (json!({"StringEquals": {"s3:prefix": "home/*"}}), Some("home/*"), true),
        (json!({"StringEqualsIgnoreCase": {"s3:prefix": "home/"}}), Some("HOME/"), true),
        (json!({"StringEqualsIgnoreCase": {"s3:prefix": "home/"}}), Some("HOME"), false),
        (json!({"StringLike": {"s3:prefix": "home/*"}}), Some("home/a/b"), true),
        (json!({"StringLike": {"s3:prefix": "home/?"}}), Some("home/ab"), false),
        (json!({"StringLike": {"s3:prefix": ["", "home/"]}}), Some(""), true),
        (json!({"StringNotEquals": {"s3:prefix": "home/"}}), Some("home"), true),
        (json!({"StringNotEquals": {"s3:prefix": "home/"}}), Some("home/"), false),
        (json!({"StringNotEqualsIgnoreCase": {"s3:prefix": "home/"}}), Some("HOME/"), false),
        (json!({"StringNotLike": {"s3:prefix": "home/*"}}), Some("work/a"), true),
        (json!({"StringNotLike": {"s3:prefix": "home/*"}}), Some("home/a"), false),
    ]);
}

/// AWS: Condition operators, in the box "Important" at its beginning: without the key, the values do not match, and
/// what demands that they do not is true.
#[test]
fn a_missing_key_fits_nothing_so_that_negated_operators_hold() {
    check(&[
        (json!({"StringEquals": {"s3:prefix": "a"}}), None, false),
        (json!({"StringLike": {"s3:prefix": "*"}}), None, false),
        (json!({"ArnLike": {"s3:prefix": "arn:*:*:*:*:*"}}), None, false),
        (json!({"Bool": {"s3:prefix": "false"}}), None, false),
        (json!({"NumericLessThan": {"s3:prefix": "1"}}), None, false),
        (json!({"DateLessThan": {"s3:prefix": "2030-01-01"}}), None, false),
        (json!({"IpAddress": {"s3:prefix": "0.0.0.0/0"}}), None, false),
        (json!({"StringNotEquals": {"s3:prefix": "a"}}), None, true),
        (json!({"StringNotEqualsIgnoreCase": {"s3:prefix": "a"}}), None, true),
        (json!({"StringNotLike": {"s3:prefix": "*"}}), None, true),
        (json!({"ArnNotLike": {"s3:prefix": "arn:*:*:*:*:*"}}), None, true),
        (json!({"ArnNotEquals": {"s3:prefix": "arn:*:*:*:*:*"}}), None, true),
        (json!({"NumericNotEquals": {"s3:prefix": "1"}}), None, true),
        (json!({"DateNotEquals": {"s3:prefix": "2030-01-01"}}), None, true),
        (json!({"NotIpAddress": {"s3:prefix": "0.0.0.0/0"}}), None, true),
    ]);
}

/// AWS: ...IfExists condition operators,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists>
/// The instance types are the example of that page.
#[test]
fn if_exists_holds_without_the_key_and_compares_with_it() {
    let types = json!({"StringLikeIfExists": {"s3:prefix": ["t1.*", "t2.*", "m3.*"]}});
    check(&[
        (types.clone(), Some("t1.micro"), true),
        (types.clone(), Some("m2.micro"), false),
        (types, None, true),
        (json!({"StringNotEqualsIfExists": {"s3:prefix": "a"}}), None, true),
        (json!({"StringNotEqualsIfExists": {"s3:prefix": "a"}}), Some("a"), false),
        (json!({"BoolIfExists": {"s3:prefix": "true"}}), Some("false"), false),
        (json!({"BoolIfExists": {"s3:prefix": "true"}}), None, true),
    ]);
}

/// AWS: Condition operator to check existence of condition keys,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null>
/// Multivalued context key examples say that `Null` also finds keys with empty values,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html>
#[test]
fn null_asks_whether_a_key_is_missing_or_empty() {
    check(&[
        (json!({"Null": {"s3:prefix": "true"}}), None, true),
        (json!({"Null": {"s3:prefix": "false"}}), None, false),
        (json!({"Null": {"s3:prefix": true}}), Some("a"), false),
        (json!({"Null": {"s3:prefix": false}}), Some("a"), true),
        (json!({"Null": {"s3:prefix": "true"}}), Some(""), true),
        (json!({"Null": {"s3:prefix": "false"}}), Some(""), false),
    ]);
}

/// AWS: Conditions with multiple context keys or values,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>
/// The first table of that page.
#[test]
fn one_value_of_each_key_has_to_fit_under_each_operator() {
    let condition = json!({
        "StringEquals": {
            "aws:PrincipalTag/department": ["finance", "hr", "legal"],
            "aws:PrincipalTag/role": ["audit", "security"],
        },
        "ArnLike": {"s3:prefix": ["arn:aws:iam::222222222222:user/Ana", "arn:aws:iam::222222222222:user/Mary"]},
    });
    let (mary, nikki) = ("arn:aws:iam::222222222222:user/Mary", "arn:aws:iam::222222222222:user/Nikki");
    let cases = [
        (session_with([("department", "legal"), ("role", "audit")]), mary, true),
        (session_with([("department", "hr"), ("role", "audit")]), nikki, false),
        (session_with([("department", "hr"), ("role", "payroll")]), mary, false),
        (session_with([("department", "hr")]), mary, false),
        (session_with([]), mary, false),
    ];
    for (principal, arn, expected) in cases {
        let context = Context::new().with("s3:prefix", arn);
        assert_eq!(holds(condition.clone(), &principal, &context), expected, "{principal:?} {arn}");
    }
}

/// AWS: the same page, Evaluation logic for negated matching condition operators: none of the values may fit.
#[test]
fn several_values_of_a_negated_operator_are_all_excluded() {
    let neither = json!({"StringNotEquals": {"s3:prefix": ["a", "b"]}});
    check(&[
        (neither.clone(), Some("a"), false),
        (neither.clone(), Some("b"), false),
        (neither, Some("c"), true),
        (json!({"StringNotLike": {"s3:prefix": ["a*", "*b"]}}), Some("cb"), false),
        (json!({"NumericNotEquals": {"s3:prefix": [1, 2]}}), Some("2"), false),
        (
            json!({"NotIpAddress": {"s3:prefix": ["10.0.0.0/8", "203.0.113.0/24"]}}),
            Some("203.0.113.1"),
            false,
        ),
        (
            json!({"NotIpAddress": {"s3:prefix": ["10.0.0.0/8", "203.0.113.0/24"]}}),
            Some("198.51.100.1"),
            true,
        ),
    ]);
}

/// AWS: Amazon Resource Name (ARN) condition operators,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
#[test]
fn arn_equals_is_arn_like() {
    let arn = Some("arn:aws:events:eu-west-1:111122223333:rule/bus/rule");
    for operator in ["ArnEquals", "ArnLike"] {
        check(&[
            (json!({operator: {"s3:prefix": "arn:aws:events:*:111122223333:rule/bus/*"}}), arn, true),
            (json!({operator: {"s3:prefix": "arn:aws:events:*:rule/bus/*:*:*"}}), arn, false),
            (json!({operator: {"s3:prefix": "arn:aws:events:*:111122223333:rule/Bus/*"}}), arn, false),
            (json!({operator: {"s3:prefix": "arn:*:*:*:*:*"}}), Some("no ARN"), false),
        ]);
    }
    for operator in ["ArnNotEquals", "ArnNotLike"] {
        check(&[
            (json!({operator: {"s3:prefix": "arn:aws:events:*:111122223333:rule/bus/*"}}), arn, false),
            (json!({operator: {"s3:prefix": "arn:aws:events:*:999999999999:rule/bus/*"}}), arn, true),
        ]);
    }
}

/// AWS: Numeric, Date, Boolean and IP address condition operators, of the same page.
#[test]
fn numbers_dates_booleans_and_addresses_are_compared_as_what_they_are() {
    check(&[
        (json!({"NumericLessThanEquals": {"s3:prefix": "10"}}), Some("9"), true),
        (json!({"NumericLessThanEquals": {"s3:prefix": 10}}), Some("10.0"), true),
        (json!({"NumericLessThanEquals": {"s3:prefix": 10}}), Some("10.01"), false),
        (json!({"NumericGreaterThan": {"s3:prefix": 10}}), Some("9"), false),
        (json!({"NumericGreaterThanEquals": {"s3:prefix": 10}}), Some("10"), true),
        (json!({"NumericEquals": {"s3:prefix": [1, 2]}}), Some("2"), true),
        (json!({"NumericLessThan": {"s3:prefix": 10}}), Some("many"), false),
        (json!({"NumericNotEquals": {"s3:prefix": 10}}), Some("many"), true),
        (
            json!({"DateGreaterThan": {"s3:prefix": "2020-01-01T00:00:01Z"}}),
            Some("2020-01-01T00:00:02Z"),
            true,
        ),
        (
            json!({"DateLessThan": {"s3:prefix": "2020-01-01T00:00:01Z"}}),
            Some("2020-01-01T01:00:00+01:00"),
            true,
        ),
        (json!({"DateEquals": {"s3:prefix": "2020-01-01T00:00:01Z"}}), Some("1577836801"), true),
        (json!({"DateLessThanEquals": {"s3:prefix": "2020-01-01"}}), Some("yesterday"), false),
        (json!({"Bool": {"s3:prefix": "false"}}), Some("false"), true),
        (json!({"Bool": {"s3:prefix": false}}), Some("False"), true),
        (json!({"Bool": {"s3:prefix": "false"}}), Some("true"), false),
        (json!({"Bool": {"s3:prefix": "true"}}), Some("1"), false),
        (json!({"IpAddress": {"s3:prefix": "203.0.113.0/24"}}), Some("203.0.113.1"), true),
        (json!({"IpAddress": {"s3:prefix": "203.0.113.0/24"}}), Some("198.51.100.1"), false),
        (json!({"IpAddress": {"s3:prefix": "0.0.0.0/0"}}), Some("localhost"), false),
    ]);
}

/// AWS: IAM JSON policy elements: Condition,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>: names of keys are not
/// case-sensitive. (DynamoDB's page on fine-grained access says the opposite of its own.)
#[test]
fn names_of_keys_are_not_case_sensitive() {
    let condition = json!({"StringEquals": {"AWS:principaltag/TENANTID": "ten_1", "S3:Prefix": "a"}});
    let principal = session_with([("TenantId", "ten_1")]);
    assert!(holds(condition, &principal, &Context::new().with("s3:PREFIX", "a")));
}
