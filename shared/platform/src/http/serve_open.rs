//! Serves a route that is open to all.

use std::future::Future;
use std::process::ExitCode;

use domain::text::Device;
use http::HeaderMap;
use http::header::USER_AGENT;

use crate::StartError;
use crate::http::answer::{answer_requests, respond};
use crate::http::call::render;
use crate::http::describe::describe_if_asked;
use crate::http::incoming::IncomingRequest;
use crate::http::input::{self, Said};
use crate::http::shapes::{Input, Output};
use crate::http::{Anyone, OpenCall, Problem, Reply, Route};
use crate::runtime::{leak, run};

/// Serves a route that is open to all. `open` runs once, at start-up.
pub fn serve_open<S, P, B, O, F, Fut>(
    route: Route<Anyone>,
    open: fn() -> Result<S, StartError>,
    handle: F,
) -> ExitCode
where
    S: Send + Sync + 'static,
    P: Input,
    B: Input,
    O: Output,
    F: Fn(&'static S, OpenCall<P, B>) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Reply<O>, Problem>> + Send,
{
    if let Some(described) = describe_if_asked::<_, _, P, B, O>(&route) {
        return described;
    }
    run(async move {
        let state: &'static S = leak(open()?);
        answer_requests(move |request| async move {
            respond(&route, request, async |request: &IncomingRequest| {
                let Said { parameters, body, .. } = input::read(&route, request, Ok(()))?;
                let device = device(&request.headers);
                let call = OpenCall {
                    parameters,
                    body,
                    source: request.source,
                    device,
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

fn device(headers: &HeaderMap) -> Option<Device> {
    let user_agent = headers.get(USER_AGENT)?;
    Device::from_user_agent(&String::from_utf8_lossy(user_agent.as_bytes()))
}
