//! The tenant's quota of requests: who has used it up is answered 429, and every answer says how much of it is left.
//!
//! The headers are those of draft-ietf-httpapi-ratelimit-headers-10 of September 2025.

use std::pin::Pin;

use futures::TryFutureExt;
use futures::future::try_join;

use crate::http::gateway::Response;
use crate::http::incoming::IncomingRequest;
use crate::http::{Problem, SignedIn};
use crate::limits::{Admission, Arrival, Limits, WINDOW_SECONDS};
use crate::table::TenantTable;

/// Begins to count the request.
pub(crate) fn admit(
    table: &'static TenantTable,
    limits: &'static Limits,
    caller: &SignedIn,
    request: &IncomingRequest,
) -> Admission {
    let SignedIn { principal, entitlements, credentials, .. } = caller;
    let at = request.received_at.unwrap_or(request.origin.at);
    let arrival = Arrival { tenant: principal.tenant(), limit: entitlements.limits.requests, at };
    table.within(principal.tenant, credentials).admit(limits, arrival)
}

/// The answer, once the request is admitted. The handler reads meanwhile; its writes wait for the admission. It is
/// pinned, since it is large to move.
pub(crate) async fn limited<T>(
    admission: Option<&Admission>,
    answer: Pin<&mut impl Future<Output = Result<T, Problem>>>,
) -> Result<T, Problem> {
    let Some(admission) = admission else { return answer.await };
    let admitted = admission.decision().map_err(Problem::over_limit);
    // A refusal ends the handler; a handler's own problem waits until the request is counted.
    let (_, answer) = try_join(admitted, async { Ok(answer.await) }).await?;
    answer
}

pub(crate) fn with_quota(mut response: Response, admission: Option<&Admission>) -> Response {
    if let Some(usage) = admission.and_then(Admission::usage) {
        let (limit, remaining) = (usage.limit.get(), usage.remaining());
        let policy = format!("\"requests\";q={limit};w={WINDOW_SECONDS}");
        let left = format!("\"requests\";r={remaining};t={}", usage.ends_in);
        response.headers.extend([("ratelimit-policy".to_owned(), policy), ("ratelimit".to_owned(), left)]);
    }
    response
}
