//! Serves a route of signed-in users: authorizes and reads each request, and answers it.

use std::future::{Future, ready};
use std::pin::pin;
use std::process::ExitCode;

use serde::de::DeserializeOwned;

use crate::aws::shared_config;
use crate::http::answer::{self, answer, answer_requests, idempotent_request, respond, stored};
use crate::http::describe::describe_if_asked;
use crate::http::incoming::IncomingRequest;
use crate::http::input::{self, Said};
use crate::http::permit::permit;
use crate::http::quota::{admit, limited, with_quota};
use crate::http::shapes::{Input, Output};
use crate::http::{Call, Precondition, Problem, Reply, Route, SignedIn, TenantMember};
use crate::limits::Limits;
use crate::metering::charge;
use crate::runtime::{leak, run};
use crate::table::{IdempotentRequest, Scope, StoredReply, TenantTable};

/// Serves a route of signed-in users. A repetition of a request with an idempotency key gets the reply of the
/// first request.
pub fn serve<P, B, C, O, F, Fut>(route: Route<TenantMember, C>, handle: F) -> ExitCode
where
    P: Input,
    B: Input,
    C: Precondition,
    O: Output,
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
    P: Input,
    B: Input,
    C: Precondition,
    O: Output,
    F: Fn(Call<P, B, C>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
    S: DeserializeOwned + Send,
    R: Fn(Call<P, B, C>, S) -> Again + Copy + Send + Sync + 'static,
    Again: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    let route = route.keeping_subjects();
    serve_replaying(route, handle, move |call, stored: StoredReply| async move {
        let subject = serde_json::from_str(&stored.body).map_err(Problem::internal)?;
        answer::reread(&route, &reread(call, subject).await?, &stored)
    })
}

fn serve_replaying<P, B, C, O, F, Fut, R, Again>(
    route: Route<TenantMember, C>,
    handle: F,
    replay: R,
) -> ExitCode
where
    P: Input,
    B: Input,
    C: Precondition,
    O: Output,
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
            // Whoever is refused is counted and charged as well.
            let identified = request.credentials().and_then(|sent| TenantMember::identify(&sent));
            let admission = limits.zip(identified.as_ref().ok());
            let admission = admission.map(|(limits, caller)| admit(table, limits, caller, &request));
            let response = respond(&route, request, async |request: &IncomingRequest| {
                let caller = identified?;
                charge(caller.principal.tenant());
                let keyed = idempotent_request(&route, caller.principal.user(), request);
                let new_call = || {
                    let store = table.within(caller.principal.tenant, &caller.credentials);
                    let store = store.limited_by(admission.clone());
                    call(&route, store, &caller, request, keyed.clone())
                };
                let answered = pin!(async {
                    permit(&route, &caller, &request.credentials()?)?;
                    answer(&route, new_call, earlier_reply, handle, replay).await
                });
                limited(admission.as_ref(), answered).await
            })
            .await;
            with_quota(response, admission.as_ref())
        })
        .await
    })
}

fn call<P: Input, B: Input, C: Precondition>(
    route: &Route<TenantMember, C>,
    store: Scope,
    caller: &SignedIn,
    request: &IncomingRequest,
    idempotency: Result<Option<IdempotentRequest>, Problem>,
) -> Result<Call<P, B, C>, Problem> {
    let Said { parameters, idempotency, precondition, body } = input::read(route, request, idempotency)?;
    Ok(Call {
        parameters,
        body,
        precondition,
        principal: caller.principal,
        entitlements: caller.entitlements.clone(),
        store,
        origin: request.origin.clone(),
        idempotency,
        route: *route,
    })
}

async fn earlier_reply<P, B, C: Precondition>(call: &Call<P, B, C>) -> Result<Option<StoredReply>, Problem> {
    match &call.idempotency {
        Some(request) => stored(call.store.look_up(request, call.origin.at).await?),
        None => Ok(None),
    }
}
