//! Actions, resources and their negations.

use iam::{Context, Request, decide};
use serde_json::{Value, json};

use crate::support::{TABLE, all, grants, policies, session};

fn is_allowed(statements: Value, action: &str, resource: &str) -> bool {
    let grants = grants(statements);
    let request = Request { principal: &session(), action, resource, context: &Context::new() };
    decide(&request, &policies(&grants, None)).is_allowed()
}

/// AWS: IAM JSON policy elements: Action,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>
#[test]
fn actions_have_wildcards_and_no_case() {
    let cases = [
        (json!("*"), "dynamodb:GetItem", true),
        (json!("dynamodb:*"), "dynamodb:GetItem", true),
        (json!("dynamodb:*"), "dynamodbstreams:GetItem", false),
        (json!("dynamodb:GetItem"), "DYNAMODB:getitem", true),
        (json!("DynamoDB:GETITEM"), "dynamodb:GetItem", true),
        (json!("dynamodb:GetItem"), "dynamodb:GetItems", false),
        (json!("dynamodb:PartiQL*"), "dynamodb:PartiQLSelect", true),
        (json!("dynamodb:?etItem"), "dynamodb:GetItem", true),
        (json!(["s3:GetObject", "iam:*AccessKey*"]), "iam:DeleteAccessKey", true),
        (json!(["s3:GetObject", "iam:*AccessKey*"]), "iam:DeleteUser", false),
    ];
    for (actions, action, expected) in cases {
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        assert_eq!(is_allowed(statement.clone(), action, TABLE), expected, "{statement} {action}");
    }
}

/// AWS: IAM JSON policy elements: NotAction,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html>
#[test]
fn not_action_is_every_action_but_these() {
    let allow = json!({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"});
    assert!(is_allowed(allow.clone(), "dynamodb:GetItem", TABLE));
    assert!(!is_allowed(allow, "IAM:ListUsers", "*"));
    let deny = json!([all("Allow"), {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}]);
    assert!(!is_allowed(deny.clone(), "dynamodb:GetItem", TABLE));
    assert!(is_allowed(deny, "iam:ListUsers", "*"));
}

/// AWS: IAM JSON policy elements: Resource,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
#[test]
fn resources_are_arns_with_wildcards_and_case() {
    let index = format!("{TABLE}/index/Facets");
    let cases = [
        (json!("*"), TABLE, true),
        (json!(TABLE), TABLE, true),
        (json!(TABLE), index.as_str(), false),
        (json!([TABLE, format!("{TABLE}/index/*")]), index.as_str(), true),
        (json!("arn:aws:dynamodb:*:*:table/Orders"), TABLE, true),
        (json!("arn:aws:dynamodb:*:*:table/orders"), TABLE, false),
        (json!("arn:aws:dynamodb:*:*:table/*"), index.as_str(), true),
        (json!("arn:aws:sqs:*:*:*"), TABLE, false),
        (json!(TABLE), "*", false),
    ];
    for (resources, resource, expected) in cases {
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": resources});
        assert_eq!(
            is_allowed(statement.clone(), "dynamodb:Query", resource),
            expected,
            "{statement} {resource}"
        );
    }
}

/// AWS: IAM JSON policy elements: NotResource,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html>
/// The example of that page.
#[test]
fn not_resource_is_every_resource_but_these() {
    let payroll = ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"];
    let deny = json!([all("Allow"), {"Effect": "Deny", "Action": "s3:*", "NotResource": payroll}]);
    assert!(is_allowed(deny.clone(), "s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/may"));
    assert!(!is_allowed(deny.clone(), "s3:GetObject", "arn:aws:s3:::HRBucket/Salaries"));
    assert!(is_allowed(deny, "dynamodb:GetItem", TABLE));
}

/// AWS: The difference between explicit and implicit denies,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html>
/// The example of that page.
#[test]
fn what_is_not_allowed_is_denied_and_what_is_denied_is_not_allowed() {
    let statements = json!([
        {"Sid": "AllowGetList", "Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*"},
        {"Sid": "DenyReports", "Effect": "Deny", "Action": "iam:*Report", "Resource": "*"},
    ]);
    assert!(is_allowed(statements.clone(), "iam:ListUsers", "*"));
    assert!(!is_allowed(statements.clone(), "iam:CreatePolicy", "*"));
    assert!(!is_allowed(statements, "iam:GetOrganizationsAccessReport", "*"));
}
