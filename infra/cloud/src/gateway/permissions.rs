//! Whether API Gateway may invoke a function. It has no right of its own: the function's policy has to allow it.
//!
//! AWS: Create AWS Lambda integrations for HTTP APIs, and Control access to HTTP APIs with AWS Lambda authorizers,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>

use std::collections::HashMap;
use std::sync::Arc;

use iam::{Context, Policies, Principal, PrincipalPolicies, Request, ResourcePolicy, decide};

use super::refusal::Refusal;
use crate::model::{ACCOUNT, HttpApi, Route, Stack};

pub(crate) struct Permissions {
    api: Option<HttpApi>,
    gateway: Principal,
    /// The ARN and the policy of each function, by its logical id.
    functions: HashMap<String, (String, Option<Arc<ResourcePolicy>>)>,
}

impl Permissions {
    pub(crate) fn new(stack: &Stack, api: Option<&HttpApi>) -> Permissions {
        let functions = stack.functions.iter();
        Permissions {
            api: api.cloned(),
            gateway: Principal::service("apigateway.amazonaws.com"),
            functions: functions
                .map(|function| {
                    (function.logical_id.clone(), (function.arn.clone(), function.policy.clone()))
                })
                .collect(),
        }
    }

    /// Whether the route's function may be invoked for it.
    pub(crate) fn check_route(&self, Route { method, path, function, .. }: &Route) -> Result<(), Refusal> {
        self.check(function, &format!("$default/{method}{path}"))
    }

    /// Whether the function may be invoked as this authorizer.
    pub(crate) fn check_authorizer(&self, name: &str, function: &str) -> Result<(), Refusal> {
        self.check(function, &format!("authorizers/{name}"))
    }

    fn check(&self, function: &str, source: &str) -> Result<(), Refusal> {
        let (Some(api), Some((arn, policy))) = (&self.api, self.functions.get(function)) else {
            return Err(Refusal::InternalServerError);
        };
        let context = Context::new()
            .with("aws:SourceArn", api.execution_arn(source))
            .with("aws:SourceAccount", ACCOUNT);
        let (action, principal) = ("lambda:InvokeFunction", &self.gateway);
        let request = Request { principal, action, resource: arn, context: &context };
        let none = PrincipalPolicies::none();
        let policies = Policies { principal: &none, resource: policy.as_deref(), resource_owner: ACCOUNT };
        let Some(denial) = decide(&request, &policies).denial() else { return Ok(()) };
        let reason = denial.explain(&request);
        tracing::error!(function, source, reason, "API Gateway may not invoke the function");
        Err(Refusal::InternalServerError)
    }
}
