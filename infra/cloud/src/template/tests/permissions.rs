//! The permissions that SAM makes, as samtranslator's output for the base template has them.

use iam::{Context, Policies, Principal, PrincipalPolicies, Request, decide};

use super::*;
use crate::model::ACCOUNT;

#[test]
fn api_gateway_invokes_a_function_for_its_route_or_as_authorizer() {
    let stack = parse_base(BASE, &[]).unwrap();
    let may = |service: &str, function: &str, source: &str| {
        let function = stack.functions.iter().find(|known| known.logical_id == function).unwrap();
        let arn = format!("arn:aws:execute-api:eu-west-1:123456789012:{source}");
        let (principal, context) = (Principal::service(service), Context::new().with("aws:SourceArn", arn));
        let (action, resource) = ("lambda:InvokeFunction", function.arn.as_str());
        let request = Request { principal: &principal, action, resource, context: &context };
        let none = PrincipalPolicies::none();
        let policies =
            Policies { principal: &none, resource: function.policy.as_deref(), resource_owner: ACCOUNT };
        decide(&request, &policies).is_allowed()
    };
    let gateway = "apigateway.amazonaws.com";
    for (function, source, expected) in [
        ("BuyFunction", "api/$default/POST/carts/7", true),
        ("BuyFunction", "api/test/POST/carts/{cart}", true),
        ("BuyFunction", "api/$default/GET/carts/7", false),
        ("BuyFunction", "api/$default/POST/cart", false),
        ("BuyFunction", "other/$default/POST/carts/7", false),
        ("BuyFunction", "api/authorizers/Token", false),
        ("CheckFunction", "api/authorizers/Token", true),
        ("CheckFunction", "api/$default/POST/carts/7", false),
    ] {
        assert_eq!(may(gateway, function, source), expected, "{function} {source}");
    }
    assert!(!may("events.amazonaws.com", "BuyFunction", "api/$default/POST/carts/7"));
}
