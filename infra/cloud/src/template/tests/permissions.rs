//! The permissions that SAM makes, as samtranslator's output for the base template has them.

use iam::{Context, Policies, Principal, PrincipalPolicies, Request, decide};

use super::*;
use crate::model::ACCOUNT;

#[test]
fn a_function_is_invoked_for_its_route_as_authorizer_or_by_its_schedule() {
    let stack = parse_base(BASE, &[]).unwrap();
    let may = |service: &str, function: &str, source: &str| {
        let function = stack.functions.iter().find(|known| known.logical_id == function).unwrap();
        let of_api = format!("arn:aws:execute-api:eu-west-1:123456789012:{source}");
        let arn = if source.starts_with("arn:") { source.to_owned() } else { of_api };
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
    assert!(!may(gateway, "BuyFunction", &stack.schedules[0].arn));
    assert!(may("events.amazonaws.com", "BuyFunction", &stack.schedules[0].arn));
    assert!(!may("events.amazonaws.com", "CheckFunction", &stack.schedules[0].arn));
}
