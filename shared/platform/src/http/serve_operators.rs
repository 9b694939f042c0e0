//! Serves a route of operators.

use std::future::{Future, ready};
use std::process::ExitCode;

use domain::operator::OperatorPrincipal;
use serde::de::DeserializeOwned;

use crate::StartError;
use crate::aws::shared_config;
use crate::http::answer::{self, answer, answer_requests, idempotent_request, respond, stored};
use crate::http::describe::describe_if_asked;
use crate::http::incoming::IncomingRequest;
use crate::http::input::{self, Said};
use crate::http::shapes::{Input, Output};
use crate::http::{Access, Operator, OperatorCall, Precondition, Problem, Reply, Route};
use crate::runtime::{leak, run};
use crate::table::{IdempotentRequest, OperatorDigest, OperatorReceipts, StoredReply};

/// Serves a route of operators that takes no idempotency keys. `open` runs once, at start-up.
pub fn serve_operators<D, P, B, C, O, F, Fut>(
    route: Route<Operator, C>,
    open: fn() -> Result<D, StartError>,
    handle: F,
) -> ExitCode
where
    D: Send + Sync + 'static,
    P: Input,
    B: Input,
    C: Precondition,
    O: Output,
    F: Fn(&'static D, OperatorCall<P, B, C>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    serve_replaying(route, open, handle, |_, _, _| {
        ready(Err(Problem::internal("a route that keeps receipts rereads their subjects")))
    })
}

/// Serves a route of operators whose requests may have an idempotency key. Receipts hold no reply, which may show a
/// person: for a repetition, `reread` gets the call and the subject that [`OperatorCall::command_on`] has stored.
/// `open` runs once, at start-up.
pub fn serve_operators_rereading<D, P, B, C, O, F, Fut, S, R, Again>(
    route: Route<Operator, C>,
    open: fn() -> Result<D, StartError>,
    handle: F,
    reread: R,
) -> ExitCode
where
    D: Send + Sync + 'static,
    P: Input,
    B: Input,
    C: Precondition,
    O: Output,
    F: Fn(&'static D, OperatorCall<P, B, C>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
    S: DeserializeOwned + Send,
    R: Fn(&'static D, OperatorCall<P, B, C>, S) -> Again + Copy + Send + Sync + 'static,
    Again: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    let route = route.keeping_subjects();
    serve_replaying(route, open, handle, move |state, call, stored: StoredReply| async move {
        let subject = serde_json::from_str(&stored.body).map_err(Problem::internal)?;
        answer::reread(&route, &reread(state, call, subject).await?, &stored)
    })
}

fn serve_replaying<D, P, B, C, O, F, Fut, R, Again>(
    route: Route<Operator, C>,
    open: fn() -> Result<D, StartError>,
    handle: F,
    replay: R,
) -> ExitCode
where
    D: Send + Sync + 'static,
    P: Input,
    B: Input,
    C: Precondition,
    O: Output,
    F: Fn(&'static D, OperatorCall<P, B, C>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
    R: Fn(&'static D, OperatorCall<P, B, C>, StoredReply) -> Again + Copy + Send + Sync + 'static,
    Again: Future<Output = Result<StoredReply, Problem>> + Send,
{
    if let Some(described) = describe_if_asked::<_, _, P, B, O>(&route) {
        return described;
    }
    run(async move {
        let state: &'static D = leak(open()?);
        let receipts: &'static OperatorReceipts = leak(OperatorReceipts::open(&shared_config()?)?);
        answer_requests(move |request| async move {
            respond(&route, request, async |request: &IncomingRequest| {
                let principal = route.access.authorize(&request.credentials()?)?;
                let keyed = idempotent_request(&route, OperatorDigest::of(&principal), request);
                let new_call = || call(&route, &principal, request, keyed.clone());
                let look_up = async |call: &OperatorCall<P, B, C>| earlier_reply(receipts, call).await;
                let replay = |call, stored| replay(state, call, stored);
                answer(&route, new_call, look_up, |call| handle(state, call), replay).await
            })
            .await
        })
        .await
    })
}

fn call<P: Input, B: Input, C: Precondition>(
    route: &Route<Operator, C>,
    principal: &OperatorPrincipal,
    request: &IncomingRequest,
    idempotency: Result<Option<IdempotentRequest<OperatorDigest>>, Problem>,
) -> Result<OperatorCall<P, B, C>, Problem> {
    let Said { parameters, idempotency, precondition, body } = input::read(route, request, idempotency)?;
    Ok(OperatorCall {
        parameters,
        body,
        precondition,
        principal: principal.clone(),
        origin: request.origin.clone(),
        idempotency,
        route: *route,
    })
}

async fn earlier_reply<P, B, C: Precondition>(
    receipts: &OperatorReceipts,
    call: &OperatorCall<P, B, C>,
) -> Result<Option<StoredReply>, Problem> {
    match &call.idempotency {
        Some(request) => stored(receipts.look_up(request, call.origin.at).await?),
        None => Ok(None),
    }
}
