//! What a handler gets: the request, typed and authorized.

use std::collections::BTreeMap;

use domain::{Actor, Stamp, Versioned};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use serde::Serialize;

use crate::http::{Access, Conditional, Precondition, Problem, Reply, Route, TenantMember, Unconditional};
use crate::table::{CommandContext, IdempotentRequest, Known, Receipt, Scope, StoredReply};
use crate::tenancy::Principal;

/// A request of a signed-in user: typed, authorized, and bound to the tenant's data.
pub struct Call<P, B, C: Precondition = Unconditional> {
    pub parameters: P,
    pub body: B,
    pub principal: Principal,
    pub store: Scope,
    pub(crate) origin: Origin,
    pub(crate) idempotency: Option<IdempotentRequest>,
    pub(crate) precondition: C::Sent,
    pub(crate) route: Route<TenantMember, C>,
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

impl<P, B> Call<P, B, Conditional> {
    /// The thing as it is now, if the client knows it so.
    pub fn expect<T>(&self, now: Versioned<T>) -> Result<Known<T>, Problem> {
        match self.precondition.0.matches(now.version) {
            true => Ok(Known::new(now)),
            false => Err(Problem::precondition_failed(now.version)),
        }
    }
}

impl<P, B> Call<P, B, Unconditional> {
    /// The thing as it was read: clients of this route need not know it.
    pub fn as_read<T>(&self, now: Versioned<T>) -> Known<T> {
        Known::new(now)
    }
}

impl<P, B, C: Precondition> Call<P, B, C> {
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    /// Who decides something by this call, and when.
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.origin.at, by: Actor::User { id: self.principal.user() } }
    }

    /// What a store commits beside the effect; the reply is kept for repetitions of the same idempotency key.
    pub fn command<O: Serialize>(&self, reply: &Reply<O>) -> Result<CommandContext, Problem> {
        self.with_receipt(|| render(reply, &self.route))
    }

    /// The same for an answer with personal data, on a route that is served by
    /// [`serve_rereading`](crate::http::serve_rereading): what is kept of the answer is the id of what it shows.
    pub fn command_on<O: Serialize>(
        &self,
        subject: impl Serialize,
        reply: &Reply<O>,
    ) -> Result<CommandContext, Problem> {
        self.with_receipt(|| {
            let body = serde_json::to_string(&subject).map_err(Problem::internal)?;
            Ok(StoredReply { body, ..render(reply, &self.route)? })
        })
    }

    fn with_receipt(
        &self,
        reply: impl FnOnce() -> Result<StoredReply, Problem>,
    ) -> Result<CommandContext, Problem> {
        let receipt = match &self.idempotency {
            Some(request) => Some(Receipt { request: request.clone(), reply: reply()? }),
            None => None,
        };
        Ok(CommandContext { at: self.origin.at, traceparent: self.origin.traceparent.clone(), receipt })
    }
}

impl<P, B> OpenCall<P, B> {
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    /// An operator's decision by this call.
    pub fn operator_stamp(&self) -> Stamp {
        Stamp { at: self.origin.at, by: Actor::Operator }
    }

    pub fn operator_command(&self) -> CommandContext {
        CommandContext { at: self.origin.at, traceparent: self.origin.traceparent.clone(), receipt: None }
    }
}

/// A reply as bytes, the same whether it is sent now or repeated later.
pub(crate) fn render<A: Access, C: Precondition, O: Serialize>(
    reply: &Reply<O>,
    route: &Route<A, C>,
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
