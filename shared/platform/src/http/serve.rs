//! From a request to an answer: admit, read, replay, handle, tell.

use std::convert::Infallible;
use std::future::Future;
use std::process::ExitCode;
use std::time::Instant;

use http::StatusCode;
use lambda_http::{Body, Request, Response, service_fn};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::aws::shared_config;
use crate::http::arrival::{Arrival, response};
use crate::http::call::render;
use crate::http::describe::describe_if_asked;
use crate::http::etag::{IfMatch, revalidate};
use crate::http::{Call, OpenCall, Problem, ProblemType, Reply, Route, input};
use crate::runtime::{StartError, leak, run};
use crate::stores::{Earlier, IdempotencyKey, IdempotentRequest, Scope, StoredReply, TenantTable};
use crate::telemetry::{function_name, take_cold_start};
use crate::tenancy::{Access, Caller, Tenant, TenantMember};

/// Whether an answer repeats an earlier one.
type Answer = Result<(StoredReply, bool), Problem>;

/// What a repetition may meet when the first request finished before this one began to decide.
const OVERTAKEN: [ProblemType; 3] =
    [ProblemType::Conflict, ProblemType::NotFound, ProblemType::PreconditionFailed];

/// Serves a route of signed-in users.
pub fn serve<P, B, O, F, Fut>(route: Route<TenantMember>, handle: F) -> ExitCode
where
    P: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    O: Serialize + JsonSchema + Send,
    F: Fn(Call<P, B>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    if let Some(described) = describe_if_asked::<_, P, B, O>(&route) {
        return described;
    }
    run(async move {
        let table = leak(TenantTable::open(&shared_config()?)?);
        let service = service_fn(move |request: Request| async move {
            let arrival = Arrival::new(request);
            let admitted = arrival.credentials().and_then(|credentials| route.access.admit(&credentials));
            let tenant = admitted.as_ref().ok().map(|caller| caller.tenant().to_string());
            tell(&route, tenant, arrival, async |arrival: &Arrival| match admitted {
                Ok(caller) => answer(&route, table, caller, arrival, handle).await,
                Err(problem) => Err(problem),
            })
            .await
        });
        Ok(lambda_http::run(service).await?)
    })
}

/// Serves a route that belongs to no tenant: open to all, or to operators.
pub fn serve_open<A, S, P, B, O, F, Fut>(
    route: Route<A>,
    open: fn() -> Result<S, StartError>,
    handle: F,
) -> ExitCode
where
    A: Access,
    S: Send + Sync + 'static,
    P: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    O: Serialize + JsonSchema + Send,
    F: Fn(&'static S, OpenCall<P, B>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    if let Some(described) = describe_if_asked::<_, P, B, O>(&route) {
        return described;
    }
    run(async move {
        let state: &'static S = leak(open()?);
        let service = service_fn(move |request: Request| async move {
            let arrival = Arrival::new(request);
            tell(&route, None, arrival, async |arrival: &Arrival| {
                route.access.admit(&arrival.credentials()?)?;
                let call = OpenCall {
                    parameters: input::parameters(arrival.parameters.clone())?,
                    body: body(&route, arrival)?,
                    origin: arrival.origin.clone(),
                };
                let reply = handle(state, call).await?;
                Ok((render(&reply, &route)?, false))
            })
            .await
        });
        Ok(lambda_http::run(service).await?)
    })
}

async fn answer<P, B, O, F, Fut>(
    route: &Route<TenantMember>,
    table: &'static TenantTable,
    caller: Caller,
    arrival: &Arrival,
    handle: F,
) -> Answer
where
    P: DeserializeOwned,
    B: DeserializeOwned,
    O: Serialize,
    F: Fn(Call<P, B>) -> Fut,
    Fut: Future<Output = Result<Reply<O>, Problem>>,
{
    let scope = || table.within(Tenant::verified(caller.tenant()));
    let idempotency = idempotent_request(route, caller, arrival)?;
    let call = Call {
        parameters: input::parameters(arrival.parameters.clone())?,
        body: body(route, arrival)?,
        if_match: route.is_conditional.then(|| IfMatch::parse(&arrival.headers)).transpose()?,
        caller,
        store: scope(),
        origin: arrival.origin.clone(),
        idempotency: idempotency.clone(),
        route: *route,
    };
    let Some(request) = idempotency else {
        return Ok((render(&handle(call).await?, route)?, false));
    };
    let again = scope();
    if let Some(reply) = replay(&again, &request, arrival).await? {
        return Ok((reply, true));
    }
    match handle(call).await {
        Ok(reply) => Ok((render(&reply, route)?, false)),
        // The same request won the race for its key, or finished before this one began to decide.
        Err(problem) if problem.is_race || OVERTAKEN.contains(&problem.kind()) => {
            replay(&again, &request, arrival).await?.map(|reply| (reply, true)).ok_or(problem)
        }
        Err(problem) => Err(problem),
    }
}

fn body<A: Access, B: DeserializeOwned>(route: &Route<A>, arrival: &Arrival) -> Result<B, Problem> {
    let body = input::body(&arrival.headers, &arrival.body)?;
    if route.is_patch() {
        input::require_change(&arrival.body)?;
    }
    Ok(body)
}

fn idempotent_request(
    route: &Route<TenantMember>,
    caller: Caller,
    arrival: &Arrival,
) -> Result<Option<IdempotentRequest>, Problem> {
    let Some(value) = arrival.headers.get("idempotency-key").filter(|_| route.is_post()) else {
        return Ok(None);
    };
    let key =
        IdempotencyKey::parse(value.as_bytes()).map_err(|rule| Problem::invalid("/idempotency-key", rule))?;
    let parameters = format!("{:?}", arrival.parameters);
    let request = IdempotentRequest::new(key, caller.user(), route.key(), &parameters, &arrival.body);
    Ok(Some(if route.has_secret { request.hardened().map_err(Problem::internal)? } else { request }))
}

async fn replay(
    scope: &Scope,
    request: &IdempotentRequest,
    arrival: &Arrival,
) -> Result<Option<StoredReply>, Problem> {
    match scope.earlier(request, arrival.origin.at).await? {
        Earlier::None => Ok(None),
        Earlier::SameRequest(reply) => Ok(Some(reply)),
        Earlier::OtherRequest => Err(Problem::idempotency_key_reused()),
    }
}

/// Answers, and writes the one log line of the request.
async fn tell<A: Access>(
    route: &Route<A>,
    tenant: Option<String>,
    arrival: Arrival,
    answer: impl AsyncFnOnce(&Arrival) -> Answer,
) -> Result<Response<Body>, Infallible> {
    let started = Instant::now();
    let answered = async {
        arrival.require_route(route)?;
        answer(&arrival).await
    };
    let mut outcome = timeout(arrival.time_left(), answered)
        .await
        .unwrap_or_else(|_| Err(Problem::unavailable("the function's time is used up")));
    if let Ok((reply, _)) = &mut outcome
        && route.is_get()
        && reply.status == StatusCode::OK.as_u16()
    {
        revalidate(&arrival.headers, route.access.audience(), reply);
    }
    let (status, cause) = match &outcome {
        Ok((reply, _)) => (reply.status, None),
        Err(problem) => (problem.status(), problem.cause().map(str::to_owned)),
    };
    tracing::info!(
        function = function_name(),
        route = route.key(),
        request_id = arrival.request_id,
        tenant,
        status,
        cause,
        cold_start = take_cold_start(),
        duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    Ok(response(outcome, &arrival.request_id))
}
