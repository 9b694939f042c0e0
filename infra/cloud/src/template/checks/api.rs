//! Checks routes and authorizers, which functions and the API declare separately.

use std::collections::BTreeMap;

use crate::model::{HttpApi, Route};
use crate::template::draft::{ApiDraft, Draft, DraftRoute, Placed, RouteAuthorizer};
use crate::template::refusal::{Place, Report};

pub(super) fn check(draft: &mut Draft, report: &Report<'_>) {
    let mut apis: Vec<Placed<ApiDraft>> = Vec::new();
    for placed in std::mem::take(&mut draft.apis) {
        if apis.iter().any(|first| first.item.api.stack == placed.item.api.stack) {
            let problem = "a second HttpApi is not supported.".to_owned();
            placed.refuse(report, problem, "keep one HttpApi in the template.");
        } else {
            apis.push(placed);
        }
    }
    duplicates(&draft.routes, report);
    foreign_apis(&draft.routes, &apis, report);
    for Placed { item: ApiDraft { api, default_authorizer, .. }, .. } in apis {
        draft.stack.apis.push(with_routes(api, default_authorizer.as_ref(), &draft.routes, report));
    }
    authorizers(draft, report);
}

fn duplicates(routes: &[Placed<DraftRoute>], report: &Report<'_>) {
    let mut seen: BTreeMap<(&str, String), Place> = BTreeMap::new();
    for placed in routes {
        let Route { method, path, .. } = &placed.item.route;
        if let Some(first) = seen.insert((&placed.item.stack, shape(method, path)), placed.place) {
            let problem = format!("the route {method} {path} stands on line {} already.", first.line());
            placed.refuse(report, problem, "change the method or the path of one of them.");
        }
    }
}

/// Two routes that differ only in the name of a parameter match the same requests.
fn shape(method: &str, path: &str) -> String {
    let blank = |segment: &str| {
        if segment.starts_with('{') { "{}".to_owned() } else { segment.to_owned() }
    };
    let segments: Vec<String> = path.split('/').map(blank).collect();
    format!("{method} {}", segments.join("/"))
}

fn foreign_apis(routes: &[Placed<DraftRoute>], apis: &[Placed<ApiDraft>], report: &Report<'_>) {
    let is_of =
        |route: &DraftRoute, api: &ApiDraft| route.stack == api.api.stack && route.api == api.reference;
    for placed in routes.iter().filter(|placed| !apis.iter().any(|api| is_of(&placed.item, &api.item))) {
        let problem = format!("ApiId {} is not the template's HttpApi.", placed.item.api);
        let remedy = "write ApiId: !Ref of the HttpApi, which is in the same template: SAM takes no other.";
        placed.refuse(report, problem, remedy);
    }
}

fn with_routes(
    mut api: HttpApi,
    default: Option<&String>,
    routes: &[Placed<DraftRoute>],
    report: &Report<'_>,
) -> HttpApi {
    for placed in routes.iter().filter(|placed| placed.item.stack == api.stack) {
        let authorizer = match &placed.item.authorizer {
            RouteAuthorizer::Default => default,
            RouteAuthorizer::None => None,
            RouteAuthorizer::Named(name) => Some(name),
        };
        // An undeclared default is refused on the line that sets it.
        if let Some(name) =
            authorizer.filter(|name| !api.authorizers.contains_key(*name) && default != Some(name))
        {
            let problem = format!("the authorizer {name} is not declared.");
            placed.refuse(report, problem, "declare it under the HttpApi's Auth.Authorizers.");
        }
        api.routes.push(Route { authorizer: authorizer.cloned(), ..placed.item.route.clone() });
    }
    api
}

/// Replaces the ARN of each authorizer's function by its logical id.
fn authorizers(draft: &mut Draft, report: &Report<'_>) {
    let functions = &draft.stack.functions;
    let by_arn: BTreeMap<&str, &str> =
        functions.iter().map(|function| (function.arn.as_str(), function.logical_id.as_str())).collect();
    for placed in
        draft.authorizer_functions.iter().filter(|placed| !by_arn.contains_key(placed.item.as_str()))
    {
        let problem = format!("FunctionArn {} is not a function of the template.", placed.item);
        placed.refuse(report, problem, "write FunctionArn: !GetAtt Function.Arn.");
    }
    for authorizer in draft.stack.apis.iter_mut().flat_map(|api| api.authorizers.values_mut()) {
        if let Some(logical_id) = by_arn.get(authorizer.function.as_str()) {
            authorizer.function = (*logical_id).to_owned();
        }
    }
}
