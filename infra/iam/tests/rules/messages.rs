//! What a denial says.

use iam::{AssumeRole, Context, Principal, PrincipalPolicies, Tags, assume_role, decide};
use serde_json::json;

use crate::support::{
    ROLE, SESSION, all, denial, grants, identity, key, policies, read, resource, session, trust,
};

/// AWS: Troubleshoot access denied error messages,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
#[test]
fn a_denial_says_what_decided_or_was_missing() {
    let statement = json!({"Sid": "NoItems", "Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"});
    let allowing = grants(json!(all("Allow")));
    let queues = identity(json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}));
    let cases = [
        (
            PrincipalPolicies::none(),
            format!("no identity policy of {ROLE} allows dynamodb:GetItem on TABLE"),
            "because no identity-based policy allows the dynamodb:GetItem action",
        ),
        (
            PrincipalPolicies { boundary: Some(queues.clone()), ..allowing.clone() },
            format!("the boundary Policy of {ROLE} does not allow dynamodb:GetItem on TABLE"),
            "because no permissions boundary allows the dynamodb:GetItem action",
        ),
        (
            PrincipalPolicies { session: Some(queues), ..allowing.clone() },
            format!("the session policy Policy of {ROLE} does not allow dynamodb:GetItem on TABLE"),
            "because no session policy allows the dynamodb:GetItem action",
        ),
        (
            PrincipalPolicies { boundary: Some(identity(statement.clone())), ..allowing.clone() },
            format!("statement NoItems of the boundary Policy denies dynamodb:GetItem on TABLE to {ROLE}"),
            "with an explicit deny in a permissions boundary",
        ),
        (
            grants(json!([all("Allow"), {"Effect": "Deny", "Action": "*", "Resource": "*"}])),
            format!("statement 2 of the identity policy Policy denies dynamodb:GetItem on TABLE to {ROLE}"),
            "with an explicit deny in an identity-based policy",
        ),
    ];
    let (principal, context) = (session(), Context::new());
    let request = iam::Request { resource: "TABLE", ..read(&principal, &context) };
    for (own, explanation, reason) in &cases {
        let denial = denial(decide(&request, &policies(own, None)));
        assert_eq!(denial.explain(&request), *explanation);
        let message = format!(
            "User: {SESSION} is not authorized to perform: dynamodb:GetItem on resource: TABLE {reason}"
        );
        assert_eq!(denial.message(&request), message);
    }
}

#[test]
fn a_denial_of_a_resource_names_it() {
    let none = PrincipalPolicies::none();
    let events = Principal::service("events.amazonaws.com");
    let context = Context::new();
    let request = iam::Request { resource: "QUEUE", action: "sqs:SendMessage", ..read(&events, &context) };
    let lacking = denial(decide(&request, &policies(&none, None)));
    assert_eq!(
        lacking.explain(&request),
        "no policy of QUEUE allows sqs:SendMessage to events.amazonaws.com"
    );
    let mut statement = all("Deny");
    statement["Principal"] = json!("*");
    let (queue, signing_key) = (resource(json!(statement)), key(json!(statement)));
    let expected = "statement Deny of the resource policy ResourcePolicy denies sqs:SendMessage on QUEUE to \
                    events.amazonaws.com";
    assert_eq!(denial(decide(&request, &policies(&none, Some(&queue)))).explain(&request), expected);
    let explained = denial(decide(&request, &policies(&none, Some(&signing_key)))).explain(&request);
    assert!(explained.starts_with("statement Deny of the key policy KeyPolicy denies"), "{explained}");
    statement["Effect"] = json!("Allow");
    statement["Action"] = json!("kms:Verify");
    let signing_key = key(json!(statement));
    let lacking = denial(decide(&request, &policies(&none, Some(&signing_key))));
    let expected =
        "the key policy of QUEUE allows sqs:SendMessage neither to events.amazonaws.com nor to its account";
    assert_eq!(lacking.explain(&request), expected);
}

#[test]
fn a_denial_of_a_role_names_the_action() {
    let (caller, none, context, tags) = (session(), PrincipalPolicies::none(), Context::new(), Tags::none());
    let nobody = trust(
        json!({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:*"}),
    );
    let call = AssumeRole {
        caller: &caller,
        caller_policies: &none,
        role_arn: ROLE,
        trust: &nobody,
        role_tags: &tags,
        session_name: "s",
        tags: &tags,
        transitive_keys: &[],
        source_identity: None,
        external_id: None,
        context: &context,
    };
    let denied = assume_role(&call).unwrap_err();
    assert_eq!(
        denied.explanation,
        format!("the trust policy of {ROLE} does not allow sts:AssumeRole to {ROLE}")
    );
    let message = format!(
        "User: {SESSION} is not authorized to perform: sts:AssumeRole on resource: {ROLE} because no role trust policy \
         allows the sts:AssumeRole action"
    );
    assert_eq!(denied.message, message);
}
