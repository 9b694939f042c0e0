//! The API's throttles.

use super::*;
use crate::model::{Throttle, Throttles};

const CORS: &str = "      CorsConfiguration:\n";

fn throttles(settings: &str, given: &[(&str, &str)]) -> Throttles {
    let text = base_with(CORS, &format!("{settings}{CORS}")).replacen(
        "Parameters:\n",
        "Parameters:\n  Rate: {Type: Number, Default: 0.5}\n",
        1,
    );
    parse_base(&text, given).unwrap_or_else(|refusals| panic!("{refusals}")).apis.remove(0).throttles
}

#[test]
fn an_api_without_settings_has_no_throttles() {
    let none = throttles("", &[]);
    assert!(none.default.is_none() && none.routes.is_empty());
}

#[test]
fn the_default_and_a_route_s_own_throttle_are_read() {
    let settings = "      DefaultRouteSettings: {ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50}
      RouteSettings:
        POST /carts/{cart}: {ThrottlingBurstLimit: 5, ThrottlingRateLimit: !Ref Rate}
";
    let read = throttles(settings, &[]);
    assert_eq!(read.default, Some(Throttle { burst: 100, rate: 50.0 }));
    assert_eq!(read.routes["POST /carts/{cart}"], Throttle { burst: 5, rate: 0.5 });
    assert_eq!(throttles(settings, &[("Rate", "2")]).routes["POST /carts/{cart}"].rate, 2.0);
}

#[test]
fn settings_without_limits_leave_a_route_to_the_default() {
    let settings = "      DefaultRouteSettings: {DetailedMetricsEnabled: true}
      RouteSettings: {\"POST /carts/{cart}\": {DetailedMetricsEnabled: true}}
";
    let read = throttles(settings, &[]);
    assert!(read.default.is_none() && read.routes.is_empty());
    let text = base_with(CORS, &format!("{settings}{CORS}"));
    let stack = parse_base(&text, &[]).unwrap();
    let noted = |note: &&crate::model::WithoutEffect| note.property == "DetailedMetricsEnabled";
    assert_eq!(stack.without_effect.iter().filter(noted).count(), 2);
}
