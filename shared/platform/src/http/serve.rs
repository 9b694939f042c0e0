//! Serves a route: authorizes and reads each request, handles it or replays an earlier answer, and responds.

use std::future::{Future, ready};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Instant;

use http::StatusCode;
use http::header::LOCATION;
use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use tokio::time::timeout;

use crate::StartError;
use crate::aws::shared_config;
use crate::http::call::render;
use crate::http::describe::describe_if_asked;
use crate::http::etag::revalidate;
use crate::http::gateway::Response;
use crate::http::incoming::{IncomingRequest, response};
use crate::http::quota::{admit, limited, with_quota};
use crate::http::{
    Access, Call, OpenCall, Precondition, Problem, ProblemType, Reply, Route, TenantMember, input,
};
use crate::limits::Limits;
use crate::runtime::{answer_events, leak, run};
use crate::table::{IdempotencyKey, IdempotencyLookup, IdempotentRequest, Scope, StoredReply, TenantTable};
use crate::telemetry::{function_name, take_cold_start};
use crate::tenancy::Principal;

/// A reply, and whether it was replayed.
type Answer = Result<(StoredReply, bool), Problem>;

/// What a repetition may be refused with when the first request has committed after the repetition's look-up.
const OVERTAKEN: [ProblemType; 3] =
    [ProblemType::Conflict, ProblemType::NotFound, ProblemType::PreconditionFailed];

/// Serves a route of signed-in users. A repetition of a request with an idempotency key gets the reply of the
/// first request.
pub fn serve<P, B, C, O, F, Fut>(route: Route<TenantMember, C>, handle: F) -> ExitCode
where
    P: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    C: Precondition,
    O: Serialize + JsonSchema + Send,
    F: Fn(Call<P, B, C>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    serve_replaying(route, handle, |_, stored| ready(Ok(stored)))
}

/// Like [`serve`], for replies with personal data, of which only an id is stored: for a repetition, `reread`
/// gets the subject that [`Call::command_on`] has stored, and replies with its current state.
pub fn serve_rereading<P, B, C, O, F, Fut, S, R, Again>(
    route: Route<TenantMember, C>,
    handle: F,
    reread: R,
) -> ExitCode
where
    P: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    C: Precondition,
    O: Serialize + JsonSchema + Send,
    F: Fn(Call<P, B, C>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
    S: DeserializeOwned + Send,
    R: Fn(Call<P, B, C>, S) -> Again + Copy + Send + Sync + 'static,
    Again: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    let route = route.keeping_subjects();
    serve_replaying(route, handle, move |call, stored: StoredReply| async move {
        let subject = serde_json::from_str(&stored.body).map_err(Problem::internal)?;
        let mut now = render(&reread(call, subject).await?, &route)?;
        let location = stored.headers.get(LOCATION.as_str()).cloned();
        now.headers.extend(location.map(|location| (LOCATION.to_string(), location)));
        Ok(StoredReply { status: stored.status, ..now })
    })
}

/// Serves a route that belongs to no tenant: one that is open to all, or to operators. `open` runs once, at
/// start-up.
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
    if let Some(described) = describe_if_asked::<_, _, P, B, O>(&route) {
        return described;
    }
    run(async move {
        let state: &'static S = leak(open()?);
        answer_requests(move |request| async move {
            respond(&route, None, request, async |request: &IncomingRequest| {
                route.access.authorize(&request.credentials()?)?;
                let call = OpenCall {
                    parameters: input::parameters(&request.parameters)?,
                    body: input::body(&request.headers, &request.body, route.is_patch())?,
                    source: request.source,
                    origin: request.origin.clone(),
                };
                let reply = handle(state, call).await?;
                Ok((render(&reply, &route)?, false))
            })
            .await
        })
        .await
    })
}

fn serve_replaying<P, B, C, O, F, Fut, R, Again>(
    route: Route<TenantMember, C>,
    handle: F,
    replay: R,
) -> ExitCode
where
    P: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    C: Precondition,
    O: Serialize + JsonSchema + Send,
    F: Fn(Call<P, B, C>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
    R: Fn(Call<P, B, C>, StoredReply) -> Again + Copy + Send + Sync + 'static,
    Again: Future<Output = Result<StoredReply, Problem>> + Send,
{
    if let Some(described) = describe_if_asked::<_, _, P, B, O>(&route) {
        return described;
    }
    run(async move {
        let table = leak(TenantTable::open(&shared_config()?)?);
        let limits = Limits::open()?.map(leak);
        answer_requests(move |request| async move {
            let authorized = request.credentials().and_then(|sent| route.access.authorize(&sent));
            let tenant = authorized.as_ref().ok().map(|caller| caller.principal.tenant().to_string());
            let admission = limits.zip(authorized.as_ref().ok());
            let admission = admission.map(|(limits, caller)| admit(table, limits, caller, &request));
            let response = respond(&route, tenant, request, async |request: &IncomingRequest| {
                let caller = authorized?;
                let idempotency = idempotent_request(&route, caller.principal, request)?;
                let call = || {
                    let store = table.within(caller.principal.tenant, &caller.credentials);
                    let store = store.limited_by(admission.clone());
                    call(&route, store, caller.principal, request, idempotency.clone())
                };
                limited(admission.as_ref(), pin!(answer(&route, call, handle, replay))).await
            })
            .await;
            with_quota(response, admission.as_ref())
        })
        .await
    })
}

/// An event that is no request fails its invocation.
async fn answer_requests<Fut: Future<Output = Response>>(
    respond: impl Fn(IncomingRequest) -> Fut + Copy,
) -> Result<(), StartError> {
    answer_events(move |event: LambdaEvent<Box<RawValue>>| async move {
        Ok::<_, lambda_runtime::Error>(respond(IncomingRequest::read(event)?).await)
    })
    .await
}

fn call<P: DeserializeOwned, B: DeserializeOwned, C: Precondition>(
    route: &Route<TenantMember, C>,
    store: Scope,
    principal: Principal,
    request: &IncomingRequest,
    idempotency: Option<IdempotentRequest>,
) -> Result<Call<P, B, C>, Problem> {
    Ok(Call {
        parameters: input::parameters(&request.parameters)?,
        body: input::body(&request.headers, &request.body, route.is_patch())?,
        precondition: C::read(&request.headers)?,
        principal,
        store,
        origin: request.origin.clone(),
        idempotency,
        route: *route,
    })
}

async fn answer<P, B, C, O, F, Fut, R, Again>(
    route: &Route<TenantMember, C>,
    new_call: impl Fn() -> Result<Call<P, B, C>, Problem>,
    handle: F,
    replay: R,
) -> Answer
where
    C: Precondition,
    O: Serialize,
    F: Fn(Call<P, B, C>) -> Fut,
    Fut: Future<Output = Result<Reply<O>, Problem>>,
    R: Fn(Call<P, B, C>, StoredReply) -> Again,
    Again: Future<Output = Result<StoredReply, Problem>>,
{
    let call = new_call()?;
    if let Some(stored) = look_up(&call.store, call.idempotency.as_ref(), call.origin.at).await? {
        return Ok((replay(call, stored).await?, true));
    }
    match handle(call).await {
        Ok(reply) => Ok((render(&reply, route)?, false)),
        // The first request has won the race for the key, or has committed after the look-up.
        Err(problem) if problem.is_race || OVERTAKEN.contains(&problem.kind()) => {
            let again = new_call()?;
            match look_up(&again.store, again.idempotency.as_ref(), again.origin.at).await? {
                Some(stored) => Ok((replay(again, stored).await?, true)),
                None => Err(problem),
            }
        }
        Err(problem) => Err(problem),
    }
}

/// The stored reply of an earlier request with the same key, if there was one.
async fn look_up(
    scope: &Scope,
    request: Option<&IdempotentRequest>,
    now: Timestamp,
) -> Result<Option<StoredReply>, Problem> {
    let Some(request) = request else { return Ok(None) };
    match scope.look_up(request, now).await? {
        IdempotencyLookup::New => Ok(None),
        IdempotencyLookup::Replay(stored) => Ok(Some(stored)),
        IdempotencyLookup::Mismatch => Err(Problem::idempotency_key_reused()),
    }
}

fn idempotent_request<C: Precondition>(
    route: &Route<TenantMember, C>,
    principal: Principal,
    request: &IncomingRequest,
) -> Result<Option<IdempotentRequest>, Problem> {
    let Some(value) = request.headers.get("idempotency-key").filter(|_| route.is_post()) else {
        return Ok(None);
    };
    let key =
        IdempotencyKey::parse(value.as_bytes()).map_err(|rule| Problem::invalid("/idempotency-key", rule))?;
    let parameters = format!("{:?}", request.parameters);
    let keyed = IdempotentRequest::new(key, principal.user(), route.key(), &parameters, &request.body);
    Ok(Some(if route.declared.has_secret { keyed.hardened().map_err(Problem::internal)? } else { keyed }))
}

/// Answers within the invocation's time, and writes the request's one line of the log.
async fn respond<A: Access, C: Precondition>(
    route: &Route<A, C>,
    tenant: Option<String>,
    request: IncomingRequest,
    answer: impl AsyncFnOnce(&IncomingRequest) -> Answer,
) -> Response {
    let started = Instant::now();
    let answered = async {
        request.require_route(route)?;
        answer(&request).await
    };
    let mut outcome = timeout(request.time_left(), answered)
        .await
        .unwrap_or_else(|_| Err(Problem::unavailable("the function's time is used up")));
    if let Ok((reply, _)) = &mut outcome
        && route.is_get()
        && reply.status == StatusCode::OK.as_u16()
    {
        revalidate(&request.headers, route.access.required_access(), reply);
    }
    let (status, cause) = match &outcome {
        Ok((reply, _)) => (reply.status, None),
        Err(problem) => (problem.status(), problem.cause().map(str::to_owned)),
    };
    tracing::info!(
        function = function_name(),
        route = route.key(),
        request_id = request.request_id,
        tenant,
        status,
        cause,
        cold_start = take_cold_start(),
        duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    response(outcome, &request.request_id)
}
