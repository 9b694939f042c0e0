//! How much an HTTP API takes: `DefaultRouteSettings` and `RouteSettings`, which SAM passes on to the stage.

use std::collections::BTreeMap;

use super::draft::{Draft, Placed};
use super::fields::Fields;
use super::refusal::Report;
use super::yaml::Entry;
use crate::model::{Throttle, Throttles};

const KIND: &str = "RouteSettings";

/// Also returns the keys of `RouteSettings`, which can be checked when all routes are known.
pub(super) fn read(fields: &mut Fields<'_>) -> (Throttles, Vec<Placed<String>>) {
    let default = fields.take("DefaultRouteSettings");
    let default = default.and_then(|entry| fields.inner(KIND, entry.line, &entry.node, throttle).flatten());
    let (mut routes, mut keys) = (BTreeMap::new(), Vec::new());
    for Entry { key, line, node } in fields.entries("RouteSettings") {
        let own = fields.inner(KIND, line, &node, throttle).flatten();
        routes.extend(own.map(|own| (key.clone(), own)));
        keys.push(Placed::new(fields, line, key));
    }
    (Throttles { default, routes }, keys)
}

/// Both limits or none: what API Gateway does with one alone is not documented.
fn throttle(fields: &mut Fields<'_>) -> Option<Throttle> {
    fields.note_without_effect("DetailedMetricsEnabled");
    fields.boolean("DetailedMetricsEnabled");
    if !fields.has("ThrottlingBurstLimit") && !fields.has("ThrottlingRateLimit") {
        return None;
    }
    let burst = fields.required_number("ThrottlingBurstLimit", 0..=u32::MAX);
    let rate = fields.required_decimal("ThrottlingRateLimit");
    Some(Throttle { burst: burst?, rate: rate? })
}

pub(super) fn check(draft: &Draft, report: &Report<'_>) {
    for placed in &draft.throttled_routes {
        // A second API of a template is refused, and then not among these.
        let api = draft.stack.apis.iter().find(|api| api.logical_id == placed.logical_id);
        if api.is_none_or(|api| api.routes.iter().any(|route| route.key() == placed.item)) {
            continue;
        }
        let problem = format!("RouteSettings has no route {}.", placed.item);
        let remedy =
            "write the method and the path of a route, such as \"GET /orders/{id}\": a deploy fails without.";
        placed.refuse(report, problem, remedy);
    }
}
