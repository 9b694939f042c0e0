//! `AWS_IAM`: what SAM refuses is refused, and what it would leave open.

use super::*;
use crate::model::RouteAuthorizer;

const AUTH: &str = "      Auth:\n        Authorizers:\n";
const ROUTE: &str = "            Auth: {Authorizer: Token}";

fn authorizer(auth: &str, route: &str) -> Result<RouteAuthorizer, Refusals> {
    let text = base_with(AUTH, auth).replacen(ROUTE, route, 1);
    let stack = parse_base(&text, &[])?;
    Ok(stack
        .api()
        .unwrap()
        .routes
        .iter()
        .find(|route| route.path == "/carts/{cart}")
        .unwrap()
        .authorizer
        .clone())
}

fn problem(auth: &str, route: &str) -> (String, String) {
    let refusals = authorizer(auth, route).expect_err(&format!("{auth}{route}"));
    let [only] = &refusals.refusals[..] else { panic!("{refusals}") };
    (only.problem.clone(), only.remedy.clone())
}

fn auth(lines: &str) -> String {
    format!("      Auth:\n{lines}        Authorizers:\n")
}

const ENABLED: &str = "        EnableIamAuthorizer: true\n";
const BY_DEFAULT: &str = "        EnableIamAuthorizer: true\n        DefaultAuthorizer: AWS_IAM\n";
const ASKED: &str = "            Auth: {Authorizer: AWS_IAM}";
const NONE: &str = "            Auth: {Authorizer: NONE}";

#[test]
fn a_route_asks_iam_by_default_or_by_name() {
    let is =
        |lines: &str, route: &str| authorizer(&auth(lines), route).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(is(BY_DEFAULT, ""), RouteAuthorizer::Iam);
    assert_eq!(is(BY_DEFAULT, ASKED), RouteAuthorizer::Iam);
    assert_eq!(is(BY_DEFAULT, NONE), RouteAuthorizer::None);
    assert_eq!(is(BY_DEFAULT, ROUTE).lambda(), Some("Token"));
    assert_eq!(is(ENABLED, ASKED), RouteAuthorizer::Iam);
    assert_eq!(is(ENABLED, ""), RouteAuthorizer::None);
    assert_eq!(is("        DefaultAuthorizer: Token\n", NONE), RouteAuthorizer::None);
}

#[test]
fn iam_has_to_be_enabled_with_a_boolean() {
    let (is, remedy) = problem(&auth(""), ASKED);
    assert_eq!(is, "the authorizer AWS_IAM is not declared.");
    assert!(remedy.contains("EnableIamAuthorizer: true"), "{remedy}");
    let (is, remedy) = problem(&auth("        DefaultAuthorizer: AWS_IAM\n"), "");
    assert_eq!(is, "DefaultAuthorizer AWS_IAM is not declared.");
    assert!(remedy.contains("EnableIamAuthorizer: true"), "{remedy}");
    let disabled = "        EnableIamAuthorizer: false\n";
    assert_eq!(problem(&auth(disabled), ASKED).0, "the authorizer AWS_IAM is not declared.");
    for value in ["\"true\"", "!Ref Sender", "yes", "[true]"] {
        let lines = format!("        EnableIamAuthorizer: {value}\n");
        assert_eq!(problem(&auth(&lines), "").0, "EnableIamAuthorizer is neither true nor false.", "{value}");
    }
}

#[test]
fn none_needs_a_default() {
    let (is, _) = problem(&auth(""), NONE);
    assert_eq!(is, "Authorizer NONE stands where the HttpApi has no DefaultAuthorizer.");
}

#[test]
fn an_options_route_is_not_left_open_by_the_default() {
    let text = base_with(AUTH, &auth(BY_DEFAULT)).replacen(ROUTE, "", 1);
    for (method, is_refused) in [("options", true), ("head", false)] {
        let text = text.replacen("Method: post", &format!("Method: {method}"), 1);
        let problem = "the route has no authorizer, since SAM gives OPTIONS no default one.";
        let refusals = parse_base(&text, &[]).err().map(|refusals| refusals.refusals[0].problem.clone());
        assert_eq!(refusals.as_deref(), is_refused.then_some(problem), "{method}");
    }
}

#[test]
fn the_name_is_sam_s_own() {
    let (is, _) = problem(&AUTH.replace("Authorizers:\n", "Authorizers:\n          AWS_IAM:\n            FunctionArn: !GetAtt CheckFunction.Arn\n            EnableFunctionDefaultPermissions: true\n            AuthorizerPayloadFormatVersion: \"2.0\"\n            EnableSimpleResponses: true\n            Identity: {Headers: [Authorization], ReauthorizeEvery: 60}\n"), ROUTE);
    assert_eq!(is, "AWS_IAM is SAM's own name, of the authorizer that asks IAM.");
}
