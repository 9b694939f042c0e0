//! `Principal` and `NotPrincipal`.

use iam::{Context, Principal, PrincipalPolicies, RoleSession, decide};
use serde_json::{Value, json};

use crate::support::{
    ACCOUNT, OTHER_ACCOUNT, ROLE, SESSION, USER, all, grants, identity, policies, read, resource, session,
    user,
};

/// Whether a statement of the table's policy names the principal.
fn is_named(element: Value, principal: &Principal) -> bool {
    let mut statement = all("Deny");
    statement.as_object_mut().unwrap().extend(element.as_object().unwrap().clone());
    let (own, table) = (grants(json!(all("Allow"))), resource(json!(statement)));
    let everyone = resource(json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}));
    assert!(decide(&read(principal, &Context::new()), &policies(&own, Some(&everyone))).is_allowed());
    let decision = decide(&read(principal, &Context::new()), &policies(&own, Some(&table)));
    decision.denial().is_some_and(|denial| matches!(denial, iam::Denial::Explicit(_)))
}

/// AWS: AWS JSON policy elements: Principal,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[test]
fn a_principal_is_named_by_itself_its_role_or_its_account() {
    let without_path = "arn:aws:iam::111122223333:role/Role";
    let service = Principal::service("events.amazonaws.com");
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    let cases = [
        (json!("*"), [true, true, true, true]),
        (json!({"AWS": "*"}), [true, true, true, true]),
        (json!({"AWS": ACCOUNT}), [true, true, false, false]),
        (json!({"AWS": root}), [true, true, false, false]),
        (json!({"AWS": OTHER_ACCOUNT}), [false, false, false, false]),
        (json!({"AWS": ROLE}), [true, false, false, false]),
        (json!({"AWS": without_path}), [false, false, false, false]),
        (json!({"AWS": SESSION}), [true, false, false, false]),
        (json!({"AWS": format!("{SESSION}2")}), [false, false, false, false]),
        (json!({"AWS": USER}), [false, true, false, false]),
        (json!({"AWS": [USER, ROLE]}), [true, true, false, false]),
        (json!({"Service": "events.amazonaws.com"}), [false, false, true, false]),
        (json!({"Service": ["sqs.amazonaws.com", "lambda.amazonaws.com"]}), [false, false, false, false]),
        (json!({"AWS": ROLE, "Service": "events.amazonaws.com"}), [true, false, true, false]),
    ];
    for (element, expected) in cases {
        let principals = [&session(), &user(), &service, &Principal::anonymous()];
        let named = principals.map(|principal| is_named(json!({"Principal": element}), principal));
        assert_eq!(named, expected, "{element}");
    }
}

/// AWS: AWS JSON policy elements: NotPrincipal,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>: the account has to
/// be named beside the principal, or beside its role.
#[test]
fn not_principal_spares_who_is_named_with_the_account() {
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    let cases = [
        (json!({"AWS": [USER, root]}), [true, false]),
        (json!({"AWS": [ROLE, root]}), [false, true]),
        (json!({"AWS": [SESSION, ROLE, root]}), [false, true]),
        (json!({"AWS": USER}), [true, true]),
        (json!({"AWS": root}), [true, true]),
        (json!({"AWS": OTHER_ACCOUNT}), [true, true]),
    ];
    for (element, expected) in cases {
        let denied =
            [session(), user()].map(|principal| is_named(json!({"NotPrincipal": element}), &principal));
        assert_eq!(denied, expected, "{element}");
    }
    let events = json!({"NotPrincipal": {"Service": "events.amazonaws.com"}});
    assert!(!is_named(events.clone(), &Principal::service("events.amazonaws.com")));
    assert!(is_named(events.clone(), &Principal::service("sqs.amazonaws.com")));
    assert!(is_named(events, &Principal::anonymous()));
}

/// The same page: it always denies whoever has a permissions boundary.
#[test]
fn not_principal_spares_nobody_with_a_boundary() {
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    let mut statement = all("Deny");
    statement["NotPrincipal"] = json!({"AWS": [ROLE, root]});
    let table = resource(json!(statement));
    let own = grants(json!(all("Allow")));
    let bounded = PrincipalPolicies { boundary: Some(identity(json!(all("Allow")))), ..own.clone() };
    let decided = |own| decide(&read(&session(), &Context::new()), &policies(own, Some(&table))).is_allowed();
    assert!(decided(&own));
    assert!(!decided(&bounded));
}

/// AWS: AWS JSON policy elements: Principal, All principals,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous>
#[test]
fn everyone_includes_anonymous_callers() {
    let none = PrincipalPolicies::none();
    for everyone in [json!("*"), json!({"AWS": "*"})] {
        let statement = json!({"Effect": "Allow", "Principal": everyone, "Action": "*", "Resource": "*"});
        let table = resource(statement);
        for principal in [session(), user(), Principal::service("sns.amazonaws.com"), Principal::anonymous()]
        {
            let context = Context::new();
            let request = read(&principal, &context);
            assert!(decide(&request, &policies(&none, Some(&table))).is_allowed(), "{}", principal.name());
        }
    }
}

/// The same page, Role session principals: the ARN of a session has no path, and `aws:PrincipalArn` has the role's.
#[test]
fn the_arn_of_a_session_leaves_the_path_of_its_role_out() {
    assert_eq!(session().name(), SESSION);
    assert_eq!(session().role_arn(), Some(ROLE));
    assert_eq!(session().key("aws:PrincipalArn"), Some(&[ROLE.to_owned()][..]));
}

#[test]
fn what_is_no_principal_is_refused() {
    for (role, name) in
        [("arn:aws:iam::111122223333:user/Ada", "s"), ("Role", "s"), (ROLE, ""), (ROLE, "a/b")]
    {
        let (role_arn, session_name) = (role.to_owned(), name.to_owned());
        let session = RoleSession { role_arn, session_name, ..RoleSession::default() };
        assert!(Principal::session(session).is_err(), "{role} {name}");
    }
    for arn in [ROLE, "arn:aws:iam::111122223333:root", "arn:aws:iam::1:user/Ada", "Ada", ""] {
        let user = iam::User { arn: arn.to_owned(), ..iam::User::default() };
        assert!(Principal::user(user).is_err(), "{arn}");
    }
}
