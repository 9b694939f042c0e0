//! Answers a request: handles it, or replays the reply of an earlier request with the same idempotency key.

use std::fmt::Display;
use std::future::Future;

use http::StatusCode;
use http::header::LOCATION;
use lambda_runtime::LambdaEvent;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::timeout;

use crate::StartError;
use crate::http::call::render;
use crate::http::etag::revalidate;
use crate::http::gateway::Response;
use crate::http::incoming::{IncomingRequest, response};
use crate::http::{Access, Precondition, Problem, ProblemType, Reply, Route};
use crate::metering::{Invocation, log_usage, metered};
use crate::runtime::answer_events;
use crate::table::{IdempotencyKey, IdempotencyLookup, IdempotentRequest, StoredReply};

/// A reply, and whether it was replayed.
pub(super) type Answer = Result<(StoredReply, bool), Problem>;

/// What a repetition may be refused with when the first request has committed after the repetition's look-up.
const OVERTAKEN: [ProblemType; 4] = [
    ProblemType::Conflict,
    ProblemType::NotFound,
    ProblemType::PreconditionFailed,
    ProblemType::QuotaReached,
];

/// Handles a call, unless `look_up` finds the reply of an earlier request with its key.
pub(super) async fn answer<A, C, K, O, Fut, Again>(
    route: &Route<A, C>,
    new_call: impl Fn() -> Result<K, Problem>,
    look_up: impl AsyncFn(&K) -> Result<Option<StoredReply>, Problem>,
    handle: impl Fn(K) -> Fut,
    replay: impl Fn(K, StoredReply) -> Again,
) -> Answer
where
    A: Access,
    C: Precondition,
    O: Serialize,
    Fut: Future<Output = Result<Reply<O>, Problem>>,
    Again: Future<Output = Result<StoredReply, Problem>>,
{
    let call = new_call()?;
    if let Some(stored) = look_up(&call).await? {
        return Ok((replay(call, stored).await?, true));
    }
    match handle(call).await {
        Ok(reply) => Ok((render(&reply, route)?, false)),
        // The first request has won the race for the key, or has committed after the look-up.
        Err(problem) if problem.is_race || OVERTAKEN.contains(&problem.kind()) => {
            let again = new_call()?;
            match look_up(&again).await? {
                Some(stored) => Ok((replay(again, stored).await?, true)),
                None => Err(problem),
            }
        }
        Err(problem) => Err(problem),
    }
}

/// An event that is no request fails its invocation.
pub(super) async fn answer_requests<Fut: Future<Output = Response>>(
    respond: impl Fn(IncomingRequest) -> Fut + Copy,
) -> Result<(), StartError> {
    answer_events(move |event: LambdaEvent<Box<RawValue>>| async move {
        Ok::<_, lambda_runtime::Error>(respond(IncomingRequest::read(event)?).await)
    })
    .await
}

/// The stored reply of an earlier request with the same key, if there was one.
pub(super) fn stored(found: IdempotencyLookup) -> Result<Option<StoredReply>, Problem> {
    match found {
        IdempotencyLookup::New => Ok(None),
        IdempotencyLookup::Replay(stored) => Ok(Some(stored)),
        IdempotencyLookup::Mismatch => Err(Problem::idempotency_key_reused()),
    }
}

/// A subject's current reply, for a repetition of the request whose reply was stored.
pub(super) fn reread<A: Access, C: Precondition, O: Serialize>(
    route: &Route<A, C>,
    current: &Reply<O>,
    stored: &StoredReply,
) -> Result<StoredReply, Problem> {
    let mut now = render(current, route)?;
    let location = stored.headers.get(LOCATION.as_str()).cloned();
    now.headers.extend(location.map(|location| (LOCATION.to_string(), location)));
    Ok(StoredReply { status: stored.status, ..now })
}

/// The request with its idempotency key, if it has one that the route takes.
pub(super) fn idempotent_request<A: Access, C: Precondition, By: Display>(
    route: &Route<A, C>,
    caller: By,
    request: &IncomingRequest,
) -> Result<Option<IdempotentRequest<By>>, Problem> {
    let Some(value) = request.headers.get("idempotency-key").filter(|_| route.takes_keys()) else {
        return Ok(None);
    };
    let key =
        IdempotencyKey::parse(value.as_bytes()).map_err(|rule| Problem::invalid("/idempotency-key", rule))?;
    let parameters = format!("{:?}", request.parameters);
    let keyed = IdempotentRequest::new(key, caller, route.key(), &parameters, &request.body);
    Ok(Some(if route.declared.has_secret { keyed.hardened().map_err(Problem::internal)? } else { keyed }))
}

/// Answers within the invocation's time, and writes the request's one line of the log.
pub(super) async fn respond<A: Access, C: Precondition>(
    route: &Route<A, C>,
    request: IncomingRequest,
    answer: impl AsyncFnOnce(&IncomingRequest) -> Answer,
) -> Response {
    let invocation = Invocation::begin();
    let answered = async {
        request.require_route(route)?;
        answer(&request).await
    };
    let (outcome, metered) = metered(timeout(request.time_left(), answered)).await;
    let mut outcome = outcome.unwrap_or_else(|_| Err(Problem::unavailable("the function's time is used up")));
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
    log_usage!(
        invocation.usage(metered),
        route = route.key(),
        request_id = request.request_id,
        status,
        cause,
        duration_us = u64::try_from(invocation.started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    response(outcome, &request.request_id)
}
