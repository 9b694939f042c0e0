//! The permissions by which services may invoke functions: those that the template declares, and those that SAM makes of
//! an API's routes and authorizers, and of schedules.
//!
//! samtranslator: `HttpApi._get_permission` and `Schedule` in `model/eventsources/push.py`, and `_get_authorizer_permission` in
//! `model/api/apiv2_generator.py`.

use std::sync::Arc;

use iam::LambdaPermission;

use super::draft::Draft;
use super::refusal::Report;
use crate::model::{Function, HttpApi, Route, Stack};

/// Those that the template declares, with the ARNs of their functions.
pub(super) fn declared(draft: &Draft, report: &Report<'_>) -> Vec<LambdaPermission> {
    let mut declared = Vec::new();
    for placed in &draft.permissions {
        let (name, permission) = (&placed.item.function, placed.item.permission.clone());
        match draft.stack.functions.iter().find(|function| function.is_named(name)) {
            Some(_) if permission.principal.is_empty() => {}
            Some(function) => {
                declared.push(LambdaPermission { function_arn: function.arn.clone(), ..permission });
            }
            None => {
                let problem = format!("FunctionName {name} is not a function of the template.");
                placed.refuse(report, problem, "write FunctionName: !Ref Function.");
            }
        }
    }
    declared
}

/// Gives each function its policy.
pub(crate) fn grant(stack: &mut Stack, declared: &[LambdaPermission]) {
    for function in &mut stack.functions {
        let own = declared.iter().filter(|permission| permission.function_arn == function.arn).cloned();
        let of_schedules = stack.schedules.iter().filter(|schedule| schedule.function == function.logical_id);
        let of_schedules = of_schedules.map(|schedule| LambdaPermission {
            id: format!("{}Permission", schedule.logical_id),
            action: "lambda:InvokeFunction".to_owned(),
            function_arn: function.arn.clone(),
            principal: "events.amazonaws.com".to_owned(),
            source_arn: Some(schedule.arn.clone()),
            source_account: None,
        });
        let of_apis = stack.apis.iter().flat_map(|api| permissions(api, function));
        let permissions: Vec<LambdaPermission> = of_apis.chain(of_schedules).chain(own).collect();
        if !permissions.is_empty() {
            let name = format!("permissions of {}", function.logical_id);
            function.policy = LambdaPermission::policy(&name, &permissions).ok().map(Arc::new);
        }
    }
}

/// Those of one API.
fn permissions(api: &HttpApi, function: &Function) -> Vec<LambdaPermission> {
    let routes = api.routes.iter().filter(|route| route.function == function.logical_id);
    let authorizers =
        api.authorizers.iter().filter(|(_, authorizer)| authorizer.function == function.logical_id);
    let routes = routes.map(|route| (route.key(), source(route)));
    // A template in which an authorizer has no permission is refused.
    let authorizers = authorizers.map(|(name, _)| (name.clone(), "authorizers/*".to_owned()));
    routes
        .chain(authorizers)
        .map(|(id, source)| LambdaPermission {
            id: format!("{} {id}", api.logical_id),
            action: "lambda:InvokeFunction".to_owned(),
            function_arn: function.arn.clone(),
            principal: "apigateway.amazonaws.com".to_owned(),
            source_arn: Some(api.execution_arn(&source)),
            source_account: None,
        })
        .collect()
}

/// Any stage, the method, and the path with a wildcard for each parameter.
fn source(Route { method, path, .. }: &Route) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { "*" } else { segment });
    format!("*/{method}{}", segments.collect::<Vec<_>>().join("/"))
}
