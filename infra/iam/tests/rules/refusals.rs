//! What is not understood is an error that names it.

use iam::{IdentityPolicy, Problem, ResourceKind, ResourcePolicy};
use serde_json::{Value, json};

use crate::support::{ROLE, USER, all, document};

fn identity(document: &Value) -> Option<String> {
    IdentityPolicy::parse("P", document).err().map(|error| error.to_string())
}

/// Parses a statement for each kind of policy, with what that kind needs beside.
fn of_kinds(statement: &Value) -> [Option<String>; 3] {
    let mut of_resource = statement.clone();
    let has_principal = statement.get("Principal").is_some() || statement.get("NotPrincipal").is_some();
    if !has_principal {
        of_resource["Principal"] = json!("*");
    }
    let mut of_role = of_resource.clone();
    of_role.as_object_mut().unwrap().remove("Resource");
    let parsed = |kind, statement: &Value| {
        ResourcePolicy::parse("P", kind, &document(statement.clone())).err().map(|error| error.to_string())
    };
    [
        identity(&document(statement.clone())),
        parsed(ResourceKind::Ordinary, &of_resource),
        parsed(ResourceKind::Role, &of_role),
    ]
}

/// A statement that allows everything, with one more element.
fn with(element: &str, value: Value) -> Value {
    let mut statement = all("Allow");
    statement[element] = value;
    statement
}

fn check(statement: &Value, expected: &str) {
    for error in of_kinds(statement) {
        let error = error.unwrap_or_else(|| panic!("accepted: {statement}"));
        assert!(error.starts_with("policy P, ") && error.contains(expected), "{error}\nnot {expected}");
    }
}

#[test]
fn what_is_well_formed_is_taken() {
    assert_eq!(of_kinds(&all("Allow")), [None, None, None]);
    let id = json!({"Version": "2012-10-17", "Id": "default", "Statement": [with("Principal", json!("*"))]});
    assert!(ResourcePolicy::parse("P", ResourceKind::Ordinary, &id).is_ok());
    let without_sids = json!([{"Sid": "", "Effect": "Allow", "Action": "*", "Resource": "*"},
                              {"Sid": "", "Effect": "Deny", "NotAction": "*", "NotResource": "*"}]);
    assert_eq!(identity(&document(without_sids)), None);
}

/// AWS: IAM JSON policy elements: Version,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>: variables are literal
/// in older versions.
#[test]
fn other_versions_are_refused() {
    let of = |version: Value| identity(&json!({"Version": version, "Statement": all("Allow")})).unwrap();
    assert_eq!(of(json!("2008-10-17")), "policy P, document: Version: \"2008-10-17\" is not 2012-10-17");
    assert_eq!(of(json!("2012-10-18")), "policy P, document: Version: \"2012-10-18\" is not 2012-10-17");
    assert_eq!(of(json!(2012)), "policy P, document: Version must be a text");
    let without = identity(&json!({"Statement": all("Allow")}));
    assert_eq!(without.unwrap(), "policy P, document: Version is missing; add it");
}

/// AWS: Grammar of the IAM JSON policy language,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>
#[test]
fn elements_that_do_not_exist_are_named() {
    check(&with("Conditions", json!({})), "Conditions is not known here");
    check(&with("action", json!("*")), "action is not known here");
    let outer = json!({"Version": "2012-10-17", "Statement": all("Allow"), "Comment": ""});
    assert_eq!(
        identity(&outer).unwrap(),
        "policy P, document: Comment is not known here; remove it, or mend its name"
    );
    let id = json!({"Version": "2012-10-17", "Statement": all("Allow"), "Id": "default"});
    assert!(identity(&id).unwrap().contains("Id is not known here"));
    // Elements of other kinds of policies.
    assert!(
        identity(&document(with("Principal", json!("*")))).unwrap().contains("Principal is not known here")
    );
    let trust = ResourcePolicy::parse("P", ResourceKind::Role, &document(with("Principal", json!("*"))));
    assert!(trust.unwrap_err().to_string().contains("Resource is not known here"));
}

#[test]
fn elements_that_are_missing_are_named() {
    for element in ["Effect", "Action"] {
        let mut statement = all("Allow");
        statement.as_object_mut().unwrap().remove(element);
        check(&statement, &format!("{element} is missing"));
    }
    let mut statement = all("Allow");
    statement.as_object_mut().unwrap().remove("Resource");
    assert!(identity(&document(statement)).unwrap().contains("Resource is missing"));
    let error = ResourcePolicy::parse("P", ResourceKind::Key, &document(all("Allow"))).unwrap_err();
    assert_eq!(error.problem, Problem::Missing { element: "Principal" });
    assert_eq!(error.place, "statement Allow");
}

#[test]
fn forms_that_are_wrong_are_named() {
    check(&with("Effect", json!("allow")), "Effect: \"allow\" is neither Allow nor Deny");
    check(&with("Action", json!([])), "Action must be one value, or a list of them");
    check(&with("Action", json!({"s3": "*"})), "Action must be one value");
    check(&with("Action", json!(["s3:*", 1])), "Action must be one value");
    check(&with("Action", json!("GetItem")), "Action: \"GetItem\" is not written as service:Action");
    check(&with("NotAction", json!("*")), "NotAction must be absent");
    check(&with("Sid", json!(1)), "Sid must be a text");
    let resource = identity(&document(with("Resource", json!("Orders")))).unwrap();
    assert_eq!(resource, "policy P, statement Allow: Resource: \"Orders\" is neither * nor an ARN");
    for statements in [json!([]), json!("*"), json!(null)] {
        assert!(identity(&document(statements.clone())).is_some(), "{statements}");
    }
    assert_eq!(identity(&json!([])).unwrap(), "policy P, document: the document must be an object");
    assert_eq!(
        identity(&document(json!(["*"]))).unwrap(),
        "policy P, statement 1: Statement must be an object"
    );
    let twice = json!([with("Sid", json!("A")), with("Sid", json!("A"))]);
    assert!(identity(&document(twice)).unwrap().contains("\"A\" is that of another statement too"));
    assert!(identity(&document(with("Sid", json!("A B")))).is_some());
}

#[test]
fn conditions_that_are_not_understood_are_named() {
    let cases = [
        (json!({}), "Condition must be an object of operators"),
        (json!([]), "Condition must be an object of operators"),
        (json!({"StringEquals": {}}), "StringEquals must be an object of condition keys"),
        (json!({"StringEquals": {"s3:prefix": []}}), "s3:prefix must be one value"),
        (json!({"StringEquals": {"s3:prefix": null}}), "s3:prefix must be one value"),
        (json!({"StringEquals": {"s3:prefix": {"a": 1}}}), "s3:prefix must be one value"),
        (json!({"StringLikes": {"s3:prefix": "a"}}), "\"StringLikes\" is not an operator that is known"),
        (json!({"stringlike": {"s3:prefix": "a"}}), "\"stringlike\" is not an operator"),
        (json!({"BinaryEquals": {"s3:prefix": "YQ=="}}), "\"BinaryEquals\" is not an operator"),
        (json!({"ForSomeValues:StringLike": {"s3:prefix": "a"}}), "has an unknown word before its colon"),
        (json!({"NullIfExists": {"s3:prefix": "true"}}), "Null takes no IfExists"),
        (json!({"ForAllValues:Null": {"s3:prefix": "true"}}), "sets are compared as strings"),
        (json!({"ForAnyValue:NumericEquals": {"s3:prefix": 1}}), "sets are compared as strings"),
        (json!({"Null": {"s3:prefix": ["true", "false"]}}), "is more than one value for Null"),
        (json!({"Null": {"s3:prefix": "yes"}}), "\"yes\" is neither true nor false"),
        (json!({"Bool": {"s3:prefix": 1}}), "\"1\" is neither true nor false"),
        (json!({"NumericEquals": {"s3:prefix": "one"}}), "\"one\" is not a number"),
        (json!({"DateEquals": {"s3:prefix": "2020"}}), "\"2020\" is neither a date"),
        (json!({"IpAddress": {"s3:prefix": "10.0.0.0/40"}}), "\"10.0.0.0/40\" is no range of IP addresses"),
        (json!({"ArnLike": {"s3:prefix": "arn:aws:s3"}}), "\"arn:aws:s3\" is no ARN of six parts"),
        (json!({"StringEquals": {"aws:PrincipleTag/a": "b"}}), "names a global key that is not known"),
        (json!({"StringEquals": {"aws:PrincipalTag/": "b"}}), "names a malformed key"),
        (json!({"StringEquals": {"TenantId": "b"}}), "names a key without a service"),
        (json!({"StringEquals": {"s3:prefix": "${aws:usernames}"}}), "names a global key that is not known"),
        (json!({"StringEquals": {"s3:prefix": "${aws:username"}}), "has a ${ without its }"),
        (json!({"StringLike": {"dynamodb:LeadingKeys": "a"}}), "needs ForAllValues: or ForAnyValue:"),
        (json!({"StringEqualsIfExists": {"AWS:TagKeys": "a"}}), "needs ForAllValues: or ForAnyValue:"),
        (
            json!({"StringEquals": {"s3:prefix": "${aws:TagKeys}"}}),
            "uses a key with several values as a variable",
        ),
    ];
    for (condition, expected) in cases {
        check(&with("Condition", condition), expected);
    }
}

/// AWS: IAM policy elements: Variables and tags, Where you can use policy variables,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse>
#[test]
fn variables_elsewhere_are_refused() {
    for operator in ["NumericEquals", "DateEquals", "Bool", "IpAddress", "Null"] {
        check(&with("Condition", json!({operator: {"s3:prefix": "${aws:username}"}})), "${aws:username}");
    }
    check(&with("Action", json!("s3:${aws:username}")), "names no action after its colon");
    let resource = json!("arn:aws:s3::${aws:PrincipalAccount}:bucket");
    assert!(
        identity(&document(with("Resource", resource))).unwrap().contains("before the last part of its ARN")
    );
}

/// AWS: AWS JSON policy elements: Principal and NotPrincipal,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
#[test]
fn principals_that_are_not_understood_are_named() {
    let cases = [
        (json!("arn:aws:iam::111122223333:root"), "Principal must be"),
        (json!({}), "Principal must be"),
        (json!({"AWS": []}), "AWS must be one value"),
        (json!({"AWS": "arn:aws:iam::111122223333:role/*"}), "has a wildcard or a variable"),
        (json!({"AWS": "arn:aws:sts::111122223333:assumed-role/Role/*"}), "has a wildcard or a variable"),
        (json!({"AWS": "${aws:PrincipalArn}"}), "has a wildcard or a variable"),
        (json!({"AWS": "arn:aws:sts::111122223333:federated-user/Ada"}), "is not the ARN of an account"),
        (json!({"AWS": "arn:aws:sts::111122223333:assumed-role/Role"}), "is not the ARN of an account"),
        (json!({"AWS": "arn:aws:iam::111122223333:group/Admins"}), "is not the ARN of an account"),
        (json!({"AWS": "AROAEXAMPLE"}), "is not the ARN of an account"),
        (json!({"AWS": "1234"}), "is not the ARN of an account"),
        (json!({"Service": "*"}), "has a wildcard"),
        (json!({"Service": "events"}), "is not the name of a service"),
        (json!({"Federated": "accounts.google.com"}), "is a type of principal that is not evaluated here"),
        (json!({"CanonicalUser": "79a59df9"}), "is a type of principal that is not evaluated here"),
        (json!({"aws": ROLE}), "is a type of principal that is not evaluated here"),
    ];
    for (principal, expected) in cases {
        let [_, of_resource, of_role] = of_kinds(&with("Principal", principal));
        for error in [of_resource.unwrap(), of_role.unwrap()] {
            assert!(error.contains(expected), "{error}");
        }
    }
    let not = |effect: &str, principal: Value| {
        let mut statement = all(effect);
        statement["NotPrincipal"] = principal;
        of_kinds(&statement)
    };
    let [identity, of_resource, of_role] = not("Deny", json!({"AWS": USER}));
    assert!(identity.unwrap().contains("NotPrincipal is not known here"));
    assert_eq!(of_resource, None);
    assert!(of_role.unwrap().contains("NotPrincipal is not known here"));
    assert!(
        not("Allow", json!({"AWS": USER}))[1].as_ref().unwrap().contains("does not go with NotPrincipal")
    );
    assert!(not("Deny", json!("*"))[1].as_ref().unwrap().contains("leaves nobody"));
}
