//! Route settings that the gateway cannot obey, or that a deploy refuses.

use super::assert_refused;

const CORS: &str = "      CorsConfiguration:\n";

fn refused(settings: &str, problem: &str, remedy: &str) {
    assert_refused(&[(CORS, &format!("      {settings}\n{CORS}"), "Api", problem, remedy)]);
}

#[test]
fn a_route_that_is_not_there() {
    for key in ["POST /carts", "post /carts/{cart}", "POST /carts/{id}", "HEAD /carts/{cart}", "$default"] {
        refused(
            &format!("RouteSettings: {{\"{key}\": {{ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1}}}}"),
            &format!("RouteSettings has no route {key}."),
            "the method and the path of a route",
        );
    }
}

#[test]
fn one_limit_without_the_other() {
    refused(
        "DefaultRouteSettings: {ThrottlingBurstLimit: 1}",
        "ThrottlingRateLimit is missing.",
        "add ThrottlingRateLimit",
    );
    refused(
        "RouteSettings: {\"POST /carts/{cart}\": {ThrottlingRateLimit: 1}}",
        "ThrottlingBurstLimit is missing.",
        "add ThrottlingBurstLimit",
    );
}

#[test]
fn limits_that_are_no_numbers() {
    for burst in ["-1", "1.5", "many"] {
        refused(
            &format!("DefaultRouteSettings: {{ThrottlingBurstLimit: {burst}, ThrottlingRateLimit: 1}}"),
            "ThrottlingBurstLimit is not a number that is allowed.",
            "from 0 to",
        );
    }
    for rate in ["-0.5", "inf", "NaN", "[1]"] {
        refused(
            &format!("DefaultRouteSettings: {{ThrottlingBurstLimit: 1, ThrottlingRateLimit: {rate}}}"),
            "ThrottlingRateLimit is not a number that is allowed.",
            "write 0 or more",
        );
    }
}

#[test]
fn settings_of_web_socket_apis() {
    for property in ["LoggingLevel: INFO", "DataTraceEnabled: true"] {
        let name = property.split(':').next().unwrap();
        refused(
            &format!("DefaultRouteSettings: {{{property}}}"),
            &format!("{name} is not supported."),
            "remove it",
        );
    }
    refused("DefaultRouteSettings: 5", "RouteSettings is not a mapping.", "lines below it");
}
