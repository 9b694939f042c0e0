//! API Gateway's HTTP API with payload format 2.0, in front of any [`Invoke`].

mod authorizer;
mod body;
mod cache;
mod cors;
mod event;
mod permissions;
mod refusal;
mod request;
mod response;
mod routes;
mod throttles;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderValue;
use http::request::Parts;
use tokio::time::timeout;

use crate::compute::PAYLOAD_LIMIT;
use crate::invoke::{Invoke, InvokeError};
use crate::model::{HttpApi, RouteAuthorizer, Stack};
use crate::services::{Invoker, Invokers, Received};
use authorizer::{Authorizer, AuthorizerContext};
use cors::CorsPolicy;
use event::{Events, FromAuthorizer};
use permissions::Permissions;
use refusal::{Refusal, unwritable};
use request::Request;
use routes::{Found, RouteTable};
use throttles::Throttles;

const INTEGRATION_LIMIT: Duration = Duration::from_secs(30);

/// Serves one API of the stack. Without an API, every request is answered with 404.
pub fn router(stack: &Stack, api: Option<&HttpApi>, invoke: Arc<dyn Invoke>, invokers: Invokers) -> Router {
    router_with(stack, api, invoke, invokers, INTEGRATION_LIMIT)
}

fn router_with(
    stack: &Stack,
    api: Option<&HttpApi>,
    invoke: Arc<dyn Invoke>,
    invokers: Invokers,
    integration_limit: Duration,
) -> Router {
    let gateway = Gateway::new(stack, api, invoke, invokers, integration_limit);
    Router::new().fallback(handle).with_state(Arc::new(gateway))
}

struct Gateway {
    routes: RouteTable,
    throttles: Option<Throttles>,
    authorizers: BTreeMap<String, Authorizer>,
    cors: Option<CorsPolicy>,
    events: Events,
    permissions: Permissions,
    invoke: Arc<dyn Invoke>,
    invokers: Invokers,
    integration_limit: Duration,
}

/// What the authorizer of a route has said of a request that it lets in.
enum Said {
    Nothing,
    Lambda(AuthorizerContext),
    Iam(Invoker),
}

impl Said {
    fn for_event(&self) -> Option<FromAuthorizer<'_>> {
        match self {
            Said::Nothing => None,
            Said::Lambda(context) => Some(FromAuthorizer::Lambda(context.as_deref())),
            Said::Iam(invoker) => Some(FromAuthorizer::Iam(invoker)),
        }
    }
}

async fn handle(State(gateway): State<Arc<Gateway>>, request: axum::extract::Request) -> Response {
    let (head, body) = request.into_parts();
    let id = request::new_id();
    let preflight = gateway.cors.as_ref().and_then(|cors| cors.preflight(&head));
    let mut response = match preflight {
        Some(response) => response,
        None => {
            let mut response =
                gateway.answer(id.clone(), &head, body).await.unwrap_or_else(IntoResponse::into_response);
            if let Some(cors) = &gateway.cors {
                cors.decorate(&head.headers, response.headers_mut());
            }
            response
        }
    };
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert("apigw-requestid", id);
    }
    response
}

impl Gateway {
    fn new(
        stack: &Stack,
        api: Option<&HttpApi>,
        invoke: Arc<dyn Invoke>,
        invokers: Invokers,
        integration_limit: Duration,
    ) -> Gateway {
        let authorizers = api.map(|api| api.authorizers.clone()).unwrap_or_default();
        Gateway {
            routes: RouteTable::new(api.map(|api| api.routes.as_slice()).unwrap_or_default()),
            throttles: api.map(|api| Throttles::new(api, Instant::now())),
            authorizers: authorizers
                .into_iter()
                .map(|(name, model)| (name.clone(), Authorizer::new(name, model)))
                .collect(),
            cors: api.and_then(|api| api.cors.clone()).map(CorsPolicy::new),
            events: Events::new(api.map(HttpApi::id).unwrap_or_default()),
            permissions: Permissions::new(stack, api),
            invoke,
            invokers,
            integration_limit,
        }
    }

    async fn answer(&self, id: String, head: &Parts, body: Body) -> Result<Response, Refusal> {
        // Before any refusal: a connection with a rest that nobody reads is closed, beneath the client's next request.
        let body = body::read(body).await;
        let request = Request::read(id, head)?;
        let Some(found) = self.routes.find(&request.method, &request.path) else {
            return Err(Refusal::NotFound);
        };
        if let Some(throttles) = &self.throttles {
            throttles.admit(&found.route.key(), Instant::now())?;
        }
        let body = body?;
        let said = self.authorize(&request, &found, head, &body).await?;
        let event = self.events.integration(&request, &found, body, said.for_event()).map_err(unwritable)?;
        if event.len() > PAYLOAD_LIMIT {
            return Err(Refusal::RequestEntityTooLarge);
        }
        self.permissions.check_route(found.route)?;
        let answer = self.call(&found.route.function, event).await?;
        response::from_answer(&answer).map_err(|malformed| {
            tracing::error!(function = found.route.function, %malformed, "the function's answer is no HTTP response");
            Refusal::InternalServerError
        })
    }

    async fn authorize(
        &self,
        request: &Request,
        found: &Found<'_>,
        Parts { method, uri, headers, .. }: &Parts,
        body: &[u8],
    ) -> Result<Said, Refusal> {
        match &found.route.authorizer {
            RouteAuthorizer::None => Ok(Said::Nothing),
            RouteAuthorizer::Lambda(name) => {
                // A route with an unknown authorizer is refused, like one whose authorizer fails.
                let authorizer = self.authorizers.get(name).ok_or(Refusal::InternalServerError)?;
                let event = |identity: &[String]| self.events.authorization(request, found, identity);
                let context = authorizer.authorize(&*self.invoke, &self.permissions, request, event).await?;
                Ok(Said::Lambda(context))
            }
            RouteAuthorizer::Iam => {
                let invoker = self
                    .invokers
                    .admit(Received { method, uri, headers, body }, self.events.route_arn(request));
                invoker.map(Said::Iam).ok_or(Refusal::Forbidden)
            }
        }
    }

    async fn call(&self, function: &str, event: Bytes) -> Result<Bytes, Refusal> {
        let Ok(answer) = timeout(self.integration_limit, self.invoke.invoke(function, event)).await else {
            tracing::error!(function, "the function took longer than the gateway waits");
            return Err(Refusal::ServiceUnavailable);
        };
        answer.map_err(|error| {
            tracing::error!(function, %error, "a request failed");
            match error {
                InvokeError::Throttled => Refusal::ServiceUnavailable,
                // Lambda reports its own time-out as the function's error, before the gateway's limit.
                InvokeError::Function(_) | InvokeError::TimedOut | InvokeError::Unavailable(_) => {
                    Refusal::InternalServerError
                }
            }
        })
    }
}

#[cfg(test)]
mod tests;
