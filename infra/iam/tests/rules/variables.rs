//! Policy variables in conditions and resources.
//!
//! AWS: IAM policy elements: Variables and tags,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use iam::{Context, Principal, Request, RoleSession, User, decide};
use serde_json::json;

use crate::support::{
    TABLE, USER, all, grants, holds, policies, session, session_of, session_with, tags, user,
};

/// Policy variables with no value: `StringEquals` and `StringLike` do not match, and inverted operators do.
#[test]
fn a_variable_without_a_value_fits_nothing_so_that_negated_operators_hold() {
    let context = Context::new().with("s3:ExistingObjectTag/Team", "");
    let other = Context::new().with("s3:ExistingObjectTag/Team", "yellow");
    for context in [&context, &other, &Context::new()] {
        for (operator, expected) in [
            ("StringEquals", false),
            ("StringEqualsIgnoreCase", false),
            ("StringLike", false),
            ("StringNotEquals", true),
            ("StringNotLike", true),
        ] {
            let condition = json!({operator: {"s3:ExistingObjectTag/Team": "${aws:PrincipalTag/Team}"}});
            assert_eq!(holds(condition, &session(), context), expected, "{operator} {context:?}");
        }
    }
    // The others of the values that are listed still count.
    let either =
        json!({"StringEquals": {"s3:ExistingObjectTag/Team": ["${aws:PrincipalTag/Team}", "yellow"]}});
    assert!(holds(either, &session(), &other));
    let neither =
        json!({"StringNotEquals": {"s3:ExistingObjectTag/Team": ["${aws:PrincipalTag/Team}", "yellow"]}});
    assert!(!holds(neither, &session(), &other));
}

/// The example of the same section, which denies another team's objects, and all to those without a team.
#[test]
fn the_example_with_the_team_of_an_object() {
    let condition = json!({"StringNotEquals": {"s3:ExistingObjectTag/Team": "${aws:PrincipalTag/Team}"}});
    let object = Context::new().with("s3:ExistingObjectTag/Team", "yellow");
    assert!(!holds(condition.clone(), &session_with([("Team", "yellow")]), &object));
    assert!(holds(condition.clone(), &session_with([("Team", "blue")]), &object));
    assert!(holds(condition.clone(), &session(), &object));
    assert!(holds(condition, &session_with([("Team", "yellow")]), &Context::new()));
}

/// The documents count a key that "has no value" as null, and tags may be empty. An empty tenant would make of
/// `T#${aws:PrincipalTag/TenantId}#*` the pattern `T##*`.
#[test]
fn an_empty_tag_is_no_value() {
    let condition =
        json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "T#${aws:PrincipalTag/TenantId}#*"}});
    let context = Context::new().with_all("dynamodb:LeadingKeys", ["T##orders"]);
    assert!(!holds(condition, &session_with([("TenantId", "")]), &context));
}

/// Wildcards count where the policy has them, and not where a value has them.
#[test]
fn a_star_in_a_tag_is_a_star() {
    let role_tags = tags([("TenantId", "ten_*")]);
    let principal = session_of(RoleSession { role_tags, ..RoleSession::default() });
    let condition =
        json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": "T#${aws:PrincipalTag/TenantId}#*"}});
    for (key, expected) in [("T#ten_1#orders", false), ("T#ten_*#orders", true), ("T#ten_#orders", false)] {
        let context = Context::new().with_all("dynamodb:LeadingKeys", [key]);
        assert_eq!(holds(condition.clone(), &principal, &context), expected, "{key}");
    }
}

/// Where you can use policy variables: in string and ARN operators.
#[test]
fn variables_count_in_strings_and_arns() {
    let context = Context::new().with("s3:prefix", "home/Ada/").with("aws:SourceArn", USER);
    for condition in [
        json!({"StringLike": {"s3:prefix": "home/${aws:username}/*"}}),
        json!({"StringEquals": {"s3:prefix": "home/${aws:username}/"}}),
        json!({"StringEqualsIgnoreCase": {"s3:prefix": "HOME/${aws:username}/"}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:iam::${aws:PrincipalAccount}:user/*/${aws:username}"}}),
        json!({"ArnEquals": {"aws:SourceArn": "${aws:PrincipalArn}"}}),
    ] {
        assert!(holds(condition.clone(), &user(), &context), "{condition}");
        assert!(!holds(condition.clone(), &session(), &context), "{condition}");
    }
}

/// Resource element and Specifying default values: the buckets of teams, and one for those without.
#[test]
fn a_variable_in_a_resource_has_a_default_where_one_is_given() {
    let allowed = |pattern: &str, principal: &Principal, bucket: &str| {
        let grants = grants(json!({"Effect": "Allow", "Action": "s3:*", "Resource": pattern}));
        let resource = format!("arn:aws:s3:::{bucket}");
        let request =
            Request { principal, action: "s3:ListBucket", resource: &resource, context: &Context::new() };
        decide(&request, &policies(&grants, None)).is_allowed()
    };
    let with_default = "arn:aws:s3:::bucket-${aws:PrincipalTag/team, 'company-wide'}";
    let without = "arn:aws:s3:::bucket-${aws:PrincipalTag/team}";
    let yellow = session_with([("team", "yellow")]);
    assert!(allowed(with_default, &yellow, "bucket-yellow"));
    assert!(!allowed(with_default, &yellow, "bucket-company-wide"));
    assert!(allowed(with_default, &session(), "bucket-company-wide"));
    assert!(!allowed(with_default, &session(), "bucket-yellow"));
    assert!(allowed(without, &yellow, "bucket-yellow"));
    assert!(!allowed(without, &session(), "bucket-"));
}

/// Policy variables with no value: a resource with such a variable "will not match any resource", so `NotResource`
/// excludes nothing by it.
#[test]
fn a_variable_without_a_value_makes_no_resource() {
    let denied = |principal: &Principal| {
        let own = "arn:aws:dynamodb:eu-west-1:111122223333:table/${aws:PrincipalTag/Table}";
        let statement = json!({"Effect": "Deny", "Action": "dynamodb:*", "NotResource": own});
        let grants = grants(json!([all("Allow"), statement]));
        let request =
            Request { principal, action: "dynamodb:Query", resource: TABLE, context: &Context::new() };
        !decide(&request, &policies(&grants, None)).is_allowed()
    };
    assert!(!denied(&session_with([("Table", "Orders")])));
    assert!(denied(&session_with([("Table", "Users")])));
    assert!(denied(&session()));
}

/// Principal key values: the table of that section.
#[test]
fn the_keys_of_a_principal_follow_from_it() {
    let one = |principal: &Principal, key: &str| match principal.key(key) {
        Some([value]) => value.clone(),
        other => format!("{other:?}"),
    };
    let role_id = Some("AROAEXAMPLE".to_owned());
    let issued_at = Some("2026-11-21T12:00:00Z".to_owned());
    let session = session_of(RoleSession { role_id, issued_at, ..RoleSession::default() });
    let user = Principal::user(User {
        arn: USER.to_owned(),
        tags: tags([("team", "operators")]),
        user_id: Some("AIDAEXAMPLE".to_owned()),
    });
    let (user, service, anonymous) =
        (user.unwrap(), Principal::service("events.amazonaws.com"), Principal::anonymous());
    let cases = [
        (&session, "aws:userid", "AROAEXAMPLE:session"),
        (&session, "aws:username", "None"),
        (&session, "aws:PrincipalType", "AssumedRole"),
        (&session, "aws:PrincipalArn", "arn:aws:iam::111122223333:role/terrace/function/Role"),
        (&session, "aws:PrincipalAccount", "111122223333"),
        (&session, "aws:PrincipalIsAWSService", "false"),
        (&session, "aws:TokenIssueTime", "2026-11-21T12:00:00Z"),
        (&user, "aws:userid", "AIDAEXAMPLE"),
        (&user, "aws:username", "Ada"),
        (&user, "aws:PrincipalType", "User"),
        (&user, "aws:PrincipalArn", USER),
        (&user, "aws:PrincipalTag/Team", "operators"),
        (&user, "aws:TokenIssueTime", "None"),
        (&service, "aws:PrincipalIsAWSService", "true"),
        (&service, "aws:PrincipalServiceName", "events.amazonaws.com"),
        (&service, "aws:PrincipalArn", "None"),
        (&anonymous, "aws:userid", "anonymous"),
        (&anonymous, "aws:PrincipalType", "Anonymous"),
        (&anonymous, "aws:PrincipalAccount", "anonymous"),
        (&anonymous, "aws:PrincipalArn", "None"),
        (&anonymous, "aws:PrincipalIsAWSService", "None"),
    ];
    for (principal, key, expected) in cases {
        assert_eq!(one(principal, key), expected, "{} {key}", principal.name());
    }
}

#[test]
fn a_caller_cannot_replace_what_a_principal_says() {
    let forged = Context::new()
        .with("aws:PrincipalTag/TenantId", "ten_2")
        .with("aws:PrincipalArn", "arn:aws:iam::111122223333:role/Other")
        .with("aws:SourceIdentity", "Ada");
    let condition = json!({"StringEquals": {"aws:PrincipalTag/TenantId": "ten_2"}});
    assert!(!holds(condition.clone(), &session_with([("TenantId", "ten_1")]), &forged));
    assert!(!holds(condition, &session(), &forged));
    let other = json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/Other"}});
    assert!(!holds(other, &session(), &forged));
    assert!(!holds(json!({"StringEquals": {"aws:SourceIdentity": "Ada"}}), &session(), &forged));
}
