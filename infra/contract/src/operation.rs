//! An operation of the API: a route of the template, with the description that its binary prints.

use cloud::model::{HttpApi, Route, RouteAuthorizer, Stack};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::describe::{self, Binaries, Cost, Printed};
use crate::{ContractError, access_class, template};

#[derive(Debug, Clone)]
pub struct Operation {
    /// The logical id of the function.
    pub function: String,
    pub binary: String,
    /// The crate below `functions` that contains the binary.
    pub context: String,
    /// The function's `Description` in the template.
    pub summary: String,
    pub description: Description,
}

/// What a binary prints when it is started with the argument `describe`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Description {
    pub method: String,
    pub path: String,
    pub required_access: RequiredAccess,
    /// Those that are built in and may call a tenant's route, `owner` among them.
    pub roles: Vec<String>,
    /// What a tenant's route needs.
    pub access_class: Option<String>,
    pub success: u16,
    /// Another status whose response has the same schema.
    pub otherwise: Option<u16>,
    pub is_conditional: bool,
    /// That the tenant must have.
    pub feature: Option<String>,
    /// That must be active in the tenant.
    pub plugin: Option<String>,
    pub verbatim: Option<String>,
    pub costs: Vec<Cost>,
    pub problems: Vec<Problem>,
    pub parameters: Value,
    pub body: Option<Value>,
    pub answer: Option<Value>,
    pub problem: Value,
    pub definitions: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", content = "permissions", rename_all = "camelCase")]
pub enum RequiredAccess {
    Anyone,
    Operator,
    /// Users of a tenant who hold one of these permissions; all of them if there are none.
    Tenant(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Problem {
    pub slug: String,
    pub status: u16,
    pub title: String,
    pub cause: String,
    pub fix: String,
    pub example: String,
}

impl Printed for Description {
    const HOW: &str = "serve";
}

impl Operation {
    pub fn is_get(&self) -> bool {
        self.description.method == "GET"
    }

    pub fn is_post(&self) -> bool {
        self.description.method == "POST"
    }

    pub fn is_open(&self) -> bool {
        self.description.required_access == RequiredAccess::Anyone
    }

    pub fn is_of_operators(&self) -> bool {
        self.description.required_access == RequiredAccess::Operator
    }

    pub fn is_of_tenants(&self) -> bool {
        matches!(self.description.required_access, RequiredAccess::Tenant(_))
    }

    /// Whether requests may have an `Idempotency-Key`.
    pub fn takes_keys(&self) -> bool {
        self.is_post() && !self.is_open()
    }

    /// The route as `GET /path`.
    pub fn key(&self) -> String {
        format!("{} {}", self.description.method, self.description.path)
    }
}

/// Collects the descriptions of the binaries behind all routes, in the order of the template.
pub(crate) fn operations(stack: &Stack, binaries: Binaries<'_>) -> Result<Vec<Operation>, ContractError> {
    let routes = stack.apis.iter().flat_map(|api| api.routes.iter().map(move |route| (api, route)));
    let operations = routes.filter(|(_, route)| route.method != "HEAD").map(|(api, route)| {
        let function = template::function(stack, &route.function).ok_or_else(|| {
            ContractError::Template(format!("no function serves {} {}", route.method, route.path))
        })?;
        let operation = Operation {
            function: function.logical_id.clone(),
            binary: function.binary.clone(),
            description: binaries.describe(function)?,
            context: binaries.context::<Description>(function)?,
            summary: describe::summary(function)?,
        };
        check_agreement(route, api, &operation)?;
        access_class::route(stack, api, route, operation.description.access_class.as_deref())?;
        Ok(operation)
    });
    operations.collect()
}

/// Whether the gateway asks whom the route is for.
fn is_asked(required: &RequiredAccess, authorizer: &RouteAuthorizer) -> bool {
    match required {
        RequiredAccess::Anyone => *authorizer == RouteAuthorizer::None,
        RequiredAccess::Operator => *authorizer == RouteAuthorizer::Iam,
        RequiredAccess::Tenant(_) => authorizer.lambda().is_some(),
    }
}

/// A route of the same API that is for operators where this one is not, or the other way.
fn other_audience<'a>(api: &'a HttpApi, route: &Route) -> Option<&'a Route> {
    let is_for_operators = |route: &Route| route.authorizer == RouteAuthorizer::Iam;
    api.routes.iter().find(|other| is_for_operators(other) != is_for_operators(route))
}

fn check_agreement(route: &Route, api: &HttpApi, operation: &Operation) -> Result<(), ContractError> {
    let key = format!("{} {}", route.method, route.path);
    let has_head = api.routes.iter().any(|other| {
        (other.method.as_str(), &other.path, &other.function, &other.authorizer)
            == ("HEAD", &route.path, &route.function, &route.authorizer)
    });
    let difference = if operation.key() != key {
        format!("the binary serves {}", operation.key())
    } else if !is_asked(&operation.description.required_access, &route.authorizer) {
        "routes of tenants have an authorizer, those of operators take AWS_IAM, and others have neither"
            .to_owned()
    } else if let Some(other) = other_audience(api, route) {
        format!(
            "{} {} has another authorizer, and operators have an API of their own",
            other.method, other.path
        )
    } else if route.method == "GET" && !has_head {
        "a GET route needs a HEAD route with the same function and authorizer".to_owned()
    } else {
        return Ok(());
    };
    Err(ContractError::Disagreement { function: route.function.clone(), key, difference })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn difference(
        required: RequiredAccess,
        authorizer: RouteAuthorizer,
        others: &[RouteAuthorizer],
    ) -> Option<String> {
        let operation = fixtures::operation("POST", required);
        let route = |path: &str, authorizer: &RouteAuthorizer| Route {
            method: "POST".to_owned(),
            path: path.to_owned(),
            authorizer: authorizer.clone(),
            ..fixtures::route(None)
        };
        let routes = [route("/things", &authorizer)];
        let others = others.iter().map(|authorizer| route("/others", authorizer));
        let api = HttpApi { routes: routes.iter().cloned().chain(others).collect(), ..fixtures::api() };
        check_agreement(&routes[0], &api, &operation).err().map(|error| error.to_string())
    }

    #[test]
    fn the_gateway_asks_whom_a_route_is_for() {
        let lambda = || RouteAuthorizer::Lambda("Write".to_owned());
        let member = || RequiredAccess::Tenant(Vec::new());
        assert_eq!(difference(RequiredAccess::Operator, RouteAuthorizer::Iam, &[RouteAuthorizer::Iam]), None);
        assert_eq!(difference(member(), lambda(), &[lambda(), RouteAuthorizer::None]), None);
        assert_eq!(difference(RequiredAccess::Anyone, RouteAuthorizer::None, &[lambda()]), None);
        for (required, wrong) in [
            (RequiredAccess::Operator, RouteAuthorizer::None),
            (RequiredAccess::Operator, lambda()),
            (member(), RouteAuthorizer::Iam),
            (member(), RouteAuthorizer::None),
            (RequiredAccess::Anyone, RouteAuthorizer::Iam),
        ] {
            let refused = difference(required.clone(), wrong, &[]).unwrap_or_default();
            assert!(refused.contains("those of operators take AWS_IAM"), "{required:?}: {refused}");
        }
        for other in [RouteAuthorizer::None, lambda()] {
            let refused =
                difference(RequiredAccess::Operator, RouteAuthorizer::Iam, &[other]).unwrap_or_default();
            assert!(refused.contains("operators have an API of their own"), "{refused}");
        }
    }
}
