//! A request with what the invocation adds to it, and the answer to it.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use serde_json::value::RawValue;

use crate::http::authorized::Authorized;
use crate::http::call::Origin;
use crate::http::gateway::{Event, Response, Unreadable};
use crate::http::{Access, Credentials, Precondition, Problem, Route};
use crate::runtime::end_of_invocation;
use crate::table::StoredReply;
use crate::telemetry::traceparent;

/// The time that is reserved for the answer and its log line.
const RESERVE: Duration = Duration::from_millis(500);

pub(crate) struct IncomingRequest {
    pub(crate) request_id: String,
    pub(crate) headers: HeaderMap,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) origin: Origin,
    pub(crate) source: Option<IpAddr>,
    /// By the gateway's clock, if it has told.
    pub(crate) received_at: Option<Timestamp>,
    /// When Lambda ends the invocation.
    deadline: SystemTime,
    route_key: Option<String>,
    /// `Err` if what the gateway has passed on is no answer of the authorizer.
    authorized: Option<Result<Authorized, ()>>,
}

impl IncomingRequest {
    /// `lambda_runtime` would read the event by way of a reader that keeps the path to each value, for its errors.
    pub(crate) fn read(event: LambdaEvent<Box<RawValue>>) -> Result<Self, Unreadable> {
        let LambdaEvent { payload, context } = event;
        let payload = Event::read(payload.get())?;
        let traceparent = traceparent(context.xray_trace_id.as_deref());
        Ok(Self {
            deadline: end_of_invocation(context.deadline(), SystemTime::now()),
            origin: Origin { at: now(), traceparent },
            source: payload.source,
            received_at: payload.received_at,
            request_id: payload.request_id,
            route_key: payload.route_key,
            parameters: payload.parameters,
            authorized: payload.authorized,
            headers: payload.headers,
            body: payload.body,
        })
    }

    pub(crate) fn credentials(&self) -> Result<Credentials<'_>, Problem> {
        let unreadable = "the gateway's event has no answer of our authorizer";
        let authorized = self.authorized.as_ref().map(Result::as_ref).transpose();
        let authorized = authorized.map_err(|()| Problem::internal(unreadable))?;
        Ok(Credentials { headers: &self.headers, authorized, now: self.origin.at })
    }

    /// How long the handler may take, so that there is time left to answer.
    pub(crate) fn time_left(&self) -> Duration {
        let left = self.deadline.duration_since(SystemTime::now()).unwrap_or_default();
        left.saturating_sub(RESERVE)
    }

    /// Refuses the request when the template routes something else to this function than the code declares.
    /// `cargo lambda watch` on its own calls every route `$default`.
    pub(crate) fn require_route<A: Access, C: Precondition>(
        &self,
        route: &Route<A, C>,
    ) -> Result<(), Problem> {
        match self.route_key.as_deref() {
            Some(key) if key != "$default" && !route.serves(key) => Err(Problem::internal(format!(
                "the template routes {key} to the function of {}",
                route.key()
            ))),
            _ => Ok(()),
        }
    }
}

/// The current time in whole milliseconds, which are precise enough and keep items short.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

pub(crate) fn response(outcome: Result<(StoredReply, bool), Problem>, request_id: &str) -> Response {
    let StoredReply { status, mut headers, body } = match outcome {
        Ok((mut reply, replayed)) => {
            let replayed = replayed.then(|| ("idempotency-replayed".to_owned(), "true".to_owned()));
            reply.headers.extend(replayed);
            reply
        }
        Err(problem) => {
            let wait = problem.retry_after.map(|seconds| (RETRY_AFTER.to_string(), seconds.to_string()));
            let kind = (CONTENT_TYPE.to_string(), "application/problem+json".to_owned());
            StoredReply {
                status: problem.status(),
                headers: [kind].into_iter().chain(wait).collect(),
                body: problem.document(request_id),
            }
        }
    };
    headers.entry(CACHE_CONTROL.to_string()).or_insert_with(|| "no-store".to_owned());
    Response { status_code: status, headers, body: (!body.is_empty()).then_some(body) }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;
    use std::marker::PhantomData;
    use std::panic::AssertUnwindSafe;

    use super::*;
    use crate::tenancy::tests::context;
    use crate::tenancy::{AuthorizerContext, TenantCredentials};

    struct Printed<T>(PhantomData<T>);

    trait Otherwise {
        const IS_POSSIBLE: bool = false;
    }

    impl<T> Otherwise for Printed<T> {}

    /// The compiler prefers this constant to that of the trait, if there is this one.
    impl<T: Debug> Printed<T> {
        const IS_POSSIBLE: bool = true;
    }

    /// The message of a panic and a line of the log are made by `Debug`.
    #[test]
    fn nothing_that_holds_credentials_can_be_printed() {
        const { assert!(!Printed::<Event>::IS_POSSIBLE && !Printed::<IncomingRequest>::IS_POSSIBLE) };
        const { assert!(Printed::<AuthorizerContext>::IS_POSSIBLE, "what can be printed is found") };
        let [secret, token] = ["a-secret", "a-token"].map(str::to_owned);
        let context = AuthorizerContext {
            credentials: TenantCredentials::new("ASIA".into(), secret.clone(), token.clone()),
            ..context(domain::role::BuiltInRole::Member, 0)
        };
        let panic = std::panic::catch_unwind(AssertUnwindSafe(|| {
            panic!("{context:?}, {:?}", context.credentials.to_sdk())
        }));
        let message = panic.unwrap_err().downcast::<String>().unwrap();
        assert!(
            message.contains("ten_0190") && !message.contains(&secret) && !message.contains(&token),
            "{message}"
        );
    }
}
