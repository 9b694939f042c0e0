//! Checks routes and authorizers, which functions and the API declare separately.

use std::collections::BTreeMap;

use crate::model::{Route, RouteAuthorizer};
use crate::template::draft::{ApiDraft, AskedAuthorizer, Draft, DraftRoute, Placed};
use crate::template::refusal::{Place, Report};
use crate::template::resources::api::AWS_IAM;

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
    for Placed { item: mut draft_api, .. } in apis {
        let own = draft.routes.iter().filter(|placed| placed.item.stack == draft_api.api.stack);
        let routes: Vec<Route> = own.map(|placed| with_authorizer(&draft_api, placed, report)).collect();
        draft_api.api.routes = routes;
        draft.stack.apis.push(draft_api.api);
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

fn with_authorizer(api: &ApiDraft, placed: &Placed<DraftRoute>, report: &Report<'_>) -> Route {
    let DraftRoute { route, authorizer, .. } = &placed.item;
    Route { authorizer: authorizer_of(api, placed, authorizer, report), ..route.clone() }
}

/// samtranslator: `HttpApi._add_auth_to_openapi_integration` in `model/eventsources/push.py`, and
/// `set_path_default_authorizer` in `open_api/open_api.py`.
fn authorizer_of(
    api: &ApiDraft,
    placed: &Placed<DraftRoute>,
    asked: &AskedAuthorizer,
    report: &Report<'_>,
) -> RouteAuthorizer {
    let default = api.default_authorizer.as_ref();
    let is_open = default == Some(&RouteAuthorizer::None);
    match asked {
        AskedAuthorizer::Default if placed.item.route.method == "OPTIONS" && !is_open => {
            let problem = "the route has no authorizer, since SAM gives OPTIONS no default one.".to_owned();
            placed.refuse(report, problem, "name one under the event's Auth.Authorizer, or NONE.");
            RouteAuthorizer::None
        }
        // A default that is not declared is refused on the line that sets it.
        AskedAuthorizer::Default => default.cloned().unwrap_or(RouteAuthorizer::None),
        AskedAuthorizer::None => {
            if is_open {
                let problem = "Authorizer NONE stands where the HttpApi has no DefaultAuthorizer.".to_owned();
                placed.refuse(report, problem, "remove it: the route is open, and SAM refuses NONE there.");
            }
            RouteAuthorizer::None
        }
        AskedAuthorizer::Named(name) if name == AWS_IAM && api.has_iam => RouteAuthorizer::Iam,
        AskedAuthorizer::Named(name) => {
            if !api.api.authorizers.contains_key(name) {
                let remedy = match name == AWS_IAM {
                    true => "set EnableIamAuthorizer: true in the HttpApi's Auth.",
                    false => "declare it under the HttpApi's Auth.Authorizers.",
                };
                placed.refuse(report, format!("the authorizer {name} is not declared."), remedy);
            }
            RouteAuthorizer::Lambda(name.clone())
        }
    }
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
