//! Serves a route of operators.

use std::future::Future;
use std::process::ExitCode;

use domain::operator::OperatorPrincipal;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::StartError;
use crate::aws::shared_config;
use crate::http::answer::{self, answer, answer_requests, idempotent_request, respond, stored};
use crate::http::describe::describe_if_asked;
use crate::http::incoming::IncomingRequest;
use crate::http::{Access, Operator, OperatorCall, Problem, Reply, Route, input};
use crate::runtime::{leak, run};
use crate::table::{IdempotentRequest, OperatorDigest, OperatorReceipts, StoredReply};

/// Serves a route of operators, whose requests may have an idempotency key. Receipts hold no reply, which may show a
/// person: for a repetition, `reread` gets the call and the subject that [`OperatorCall::command_on`] has stored.
/// `open` runs once, at start-up.
pub fn serve_operators<D, P, B, O, F, Fut, S, R, Again>(
    route: Route<Operator>,
    open: fn() -> Result<D, StartError>,
    handle: F,
    reread: R,
) -> ExitCode
where
    D: Send + Sync + 'static,
    P: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    O: Serialize + JsonSchema + Send,
    F: Fn(&'static D, OperatorCall<P, B>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
    S: DeserializeOwned + Send,
    R: Fn(&'static D, OperatorCall<P, B>, S) -> Again + Copy + Send + Sync + 'static,
    Again: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    let route = route.keeping_subjects();
    if let Some(described) = describe_if_asked::<_, _, P, B, O>(&route) {
        return described;
    }
    run(async move {
        let state: &'static D = leak(open()?);
        let receipts: &'static OperatorReceipts = leak(OperatorReceipts::open(&shared_config()?)?);
        let replay = move |call, stored: StoredReply| async move {
            let subject = serde_json::from_str(&stored.body).map_err(Problem::internal)?;
            answer::reread(&route, &reread(state, call, subject).await?, &stored)
        };
        answer_requests(move |request| async move {
            respond(&route, request, async |request: &IncomingRequest| {
                let principal = route.access.authorize(&request.credentials()?)?;
                let keyed = idempotent_request(&route, OperatorDigest::of(&principal), request)?;
                let new_call = || call(&route, &principal, request, keyed.clone());
                let look_up = async |call: &OperatorCall<P, B>| earlier_reply(receipts, call).await;
                answer(&route, new_call, look_up, |call| handle(state, call), replay).await
            })
            .await
        })
        .await
    })
}

fn call<P: DeserializeOwned, B: DeserializeOwned>(
    route: &Route<Operator>,
    principal: &OperatorPrincipal,
    request: &IncomingRequest,
    idempotency: Option<IdempotentRequest<OperatorDigest>>,
) -> Result<OperatorCall<P, B>, Problem> {
    Ok(OperatorCall {
        parameters: input::parameters(&request.parameters)?,
        body: input::body(&request.headers, &request.body, route.is_patch())?,
        principal: principal.clone(),
        origin: request.origin.clone(),
        idempotency,
        route: *route,
    })
}

async fn earlier_reply<P, B>(
    receipts: &OperatorReceipts,
    call: &OperatorCall<P, B>,
) -> Result<Option<StoredReply>, Problem> {
    match &call.idempotency {
        Some(request) => stored(receipts.look_up(request, call.origin.at).await?),
        None => Ok(None),
    }
}
