use std::collections::BTreeMap;

use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;

use crate::events::Actor;
use crate::http::{Problem, Reply};
use crate::stores::{CommandContext, IdempotentRequest, Receipt, Scope, StoredReply};
use crate::tenancy::Caller;

/// A request of a signed-in user: typed, admitted, and bound to its tenant's data.
pub struct Call<P, B> {
    pub parameters: P,
    pub body: B,
    pub caller: Caller,
    pub store: Scope,
    pub(crate) origin: Origin,
    pub(crate) idempotency: Option<IdempotentRequest>,
    pub(crate) success: StatusCode,
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

    /// What a store commits beside the effect; the reply is kept for repeats of the same idempotency key.
    pub fn command<O: Serialize>(&self, reply: &Reply<O>) -> Result<CommandContext, Problem> {
        let receipt = match &self.idempotency {
            Some(request) => Some(Receipt { request: request.clone(), reply: render(reply, self.success)? }),
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
pub(crate) fn render<O: Serialize>(reply: &Reply<O>, success: StatusCode) -> Result<StoredReply, Problem> {
    let headers: BTreeMap<_, _> = reply
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    Ok(StoredReply {
        status: reply.status.unwrap_or(success).as_u16(),
        headers,
        body: serde_json::to_string(&reply.body).map_err(Problem::internal)?,
    })
}
