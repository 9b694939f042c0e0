use std::collections::BTreeMap;

use http::StatusCode;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use serde::Serialize;

use crate::events::Actor;
use crate::http::etag::IfMatch;
use crate::http::{Problem, Reply, Route};
use crate::stores::{CommandContext, IdempotentRequest, Receipt, Scope, StoredReply, Version};
use crate::tenancy::{Access, Caller, TenantMember};

/// A request of a signed-in user: typed, admitted, and bound to its tenant's data.
pub struct Call<P, B> {
    pub parameters: P,
    pub body: B,
    pub caller: Caller,
    pub store: Scope,
    pub(crate) origin: Origin,
    pub(crate) idempotency: Option<IdempotentRequest>,
    pub(crate) if_match: Option<IfMatch>,
    pub(crate) route: Route<TenantMember>,
}

/// A request to a route that is not a tenant's.
pub struct OpenCall<P, B> {
    pub parameters: P,
    pub body: B,
    pub(crate) origin: Origin,
}

/// When a request came, and as part of which trace.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) at: Timestamp,
    pub(crate) traceparent: Option<String>,
}

impl<P, B> Call<P, B> {
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    /// Whether the client knows the resource as it is now; to be asked before a conditional command.
    pub fn admit(&self, now: Version) -> Result<(), Problem> {
        match &self.if_match {
            Some(known) if known.admits(now) => Ok(()),
            Some(_) => Err(Problem::precondition_failed(now)),
            None => Err(Problem::precondition_required()),
        }
    }

    /// What a store commits beside the effect; the reply is kept for repeats of the same idempotency key.
    pub fn command<O: Serialize>(&self, reply: &Reply<O>) -> Result<CommandContext, Problem> {
        let receipt = match &self.idempotency {
            Some(request) => Some(Receipt { request: request.clone(), reply: render(reply, &self.route)? }),
            None => None,
        };
        Ok(CommandContext {
            actor: Actor::User { id: self.caller.user() },
            at: self.origin.at,
            traceparent: self.origin.traceparent.clone(),
            receipt,
        })
    }
}

impl<P, B> OpenCall<P, B> {
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    pub fn operator_command(&self) -> CommandContext {
        CommandContext {
            actor: Actor::Operator,
            at: self.origin.at,
            traceparent: self.origin.traceparent.clone(),
            receipt: None,
        }
    }
}

/// A reply as bytes, the same whether it is sent now or repeated later.
pub(crate) fn render<A: Access, O: Serialize>(
    reply: &Reply<O>,
    route: &Route<A>,
) -> Result<StoredReply, Problem> {
    let mut headers: BTreeMap<_, _> = reply
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let status = reply.status.unwrap_or(route.success);
    let body = if status == StatusCode::NO_CONTENT {
        String::new()
    } else {
        headers.insert(CONTENT_TYPE.to_string(), route.verbatim.unwrap_or("application/json").to_owned());
        match route.verbatim {
            Some(_) => verbatim(&reply.body)?,
            None => serde_json::to_string(&reply.body).map_err(Problem::internal)?,
        }
    };
    Ok(StoredReply { status: status.as_u16(), headers, body })
}

fn verbatim<O: Serialize>(body: &O) -> Result<String, Problem> {
    match serde_json::to_value(body).map_err(Problem::internal)? {
        serde_json::Value::String(text) => Ok(text),
        _ => Err(Problem::internal("a verbatim answer is not a text")),
    }
}
