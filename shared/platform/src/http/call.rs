//! Calls: requests as handlers get them, typed and authorized.

use std::collections::BTreeMap;
use std::net::IpAddr;

use domain::id::TenantId;
use domain::operator::{Action, OperatorPrincipal};
use domain::text::Device;
use domain::tier::Entitlements;
use domain::{Actor, Stamp, Versioned};
use http::StatusCode;
use http::header::{CONTENT_TYPE, ETAG};
use jiff::Timestamp;
use serde::Serialize;

use crate::http::etag::etag_with_digest;
use crate::http::{
    Access, Conditional, Operator, Precondition, Problem, Reply, Route, TenantMember, Unconditional,
};
use crate::table::{
    CommandContext, IdempotentRequest, Known, OperatorCommand, OperatorDigest, Receipt, Scope, StoredReply,
};
use crate::tenancy::Principal;

/// A request of a signed-in user, with access to the data of the user's tenant.
pub struct Call<P, B, C: Precondition = Unconditional> {
    pub parameters: P,
    pub body: B,
    pub principal: Principal,
    /// What the tenant may have, as the authorizer has read it, which is up to a minute ago.
    pub entitlements: Entitlements,
    pub store: Scope,
    pub(crate) origin: Origin,
    pub(crate) idempotency: Option<IdempotentRequest>,
    pub(crate) precondition: C::Sent,
    pub(crate) route: Route<TenantMember, C>,
}

/// A request to a route that is open to all. Nobody is behind it who could decide anything as an operator:
///
/// ```
/// fn stamp(call: &platform::http::OperatorCall<(), ()>) -> domain::Stamp {
///     call.stamp()
/// }
/// ```
/// ```compile_fail,E0599
/// fn stamp(call: &platform::http::OpenCall<(), ()>) -> domain::Stamp {
///     call.stamp()
/// }
/// ```
pub struct OpenCall<P, B> {
    pub parameters: P,
    pub body: B,
    /// The address that the request came from, as the gateway saw it.
    pub source: Option<IpAddr>,
    /// What the caller has described itself as.
    pub device: Option<Device>,
    pub(crate) origin: Origin,
}

/// A request that an operator has signed.
pub struct OperatorCall<P, B, C: Precondition = Unconditional> {
    pub parameters: P,
    pub body: B,
    pub(crate) principal: OperatorPrincipal,
    pub(crate) origin: Origin,
    pub(crate) idempotency: Option<IdempotentRequest<OperatorDigest>>,
    pub(crate) precondition: C::Sent,
    pub(crate) route: Route<Operator, C>,
}

/// The time of a request, and the trace that it is part of.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) at: Timestamp,
    pub(crate) traceparent: Option<String>,
}

impl<P, B> Call<P, B, Conditional> {
    /// Admits a decision on `loaded`, which was just read, if the request's `If-Match` names its version.
    ///
    /// Fails with 412 when the client knows another version.
    pub fn expect<T>(&self, loaded: Versioned<T>) -> Result<Known<T>, Problem> {
        self.precondition.expect(loaded)
    }
}

impl<P, B> Call<P, B, Unconditional> {
    /// Admits a decision on `loaded`, which was just read. Clients of this route need not know the version,
    /// but the commit still fails when it has changed in the meantime.
    pub fn as_read<T>(&self, loaded: Versioned<T>) -> Known<T> {
        Known::new(loaded)
    }
}

impl<P, B, C: Precondition> Call<P, B, C> {
    /// The time of the request, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    /// The stamp of decisions that this call makes: the signed-in user, and the time of the request.
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.origin.at, by: Actor::User { id: self.principal.user() } }
    }

    /// The context that a store commits beside a decision. If the request has an idempotency key, the context
    /// holds the reply, which is stored for repetitions of the request.
    pub fn command<O: Serialize>(&self, reply: &Reply<O>) -> Result<CommandContext, Problem> {
        self.with_receipt(|| match self.route.declared.keeps_subjects {
            false => render(reply, &self.route),
            true => Err(Problem::internal("a route that is read again names its subject by command_on")),
        })
    }

    /// Like [`command`](Self::command), for replies with personal data, on a route that is served by
    /// [`serve_rereading`](crate::http::serve_rereading). Only `subject`, the id of what the reply shows, is
    /// stored; a repetition reads it again.
    pub fn command_on<O: Serialize>(
        &self,
        subject: impl Serialize,
        reply: &Reply<O>,
    ) -> Result<CommandContext, Problem> {
        self.with_receipt(|| {
            let rendered = render(reply, &self.route)?;
            match self.route.declared.keeps_subjects {
                false => Ok(rendered),
                true => of_subject(subject, rendered),
            }
        })
    }

    /// The context of one of several commits of this call: the receipt is committed after all of them.
    pub fn part(&self) -> CommandContext {
        self.origin.context()
    }

    fn with_receipt(
        &self,
        reply: impl FnOnce() -> Result<StoredReply, Problem>,
    ) -> Result<CommandContext, Problem> {
        let receipt = match &self.idempotency {
            Some(request) => Some(Receipt { request: request.clone(), reply: reply()? }),
            None => None,
        };
        Ok(CommandContext { receipt, ..self.origin.context() })
    }
}

impl<P, B> OpenCall<P, B> {
    /// The time of the request, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    /// What is committed beside a decision. Open routes take no idempotency keys.
    pub fn context(&self) -> CommandContext {
        self.origin.context()
    }
}

impl<P, B> OperatorCall<P, B, Conditional> {
    /// Admits a decision on `loaded`, as [`Call::expect`] does.
    pub fn expect<T>(&self, loaded: Versioned<T>) -> Result<Known<T>, Problem> {
        self.precondition.expect(loaded)
    }
}

impl<P, B, C: Precondition> OperatorCall<P, B, C> {
    /// The time of the request, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    /// The stamp of decisions that this call makes: the operator who has signed it, and the time of the request.
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.origin.at, by: Actor::Operator { principal: Some(self.principal.clone()) } }
    }

    /// What is committed beside a decision, with the row of the operators' audit that says what was done, and to which
    /// tenant if it was done to one.
    ///
    /// Fails if the request has an idempotency key: what is kept for repetitions is named by
    /// [`command_on`](Self::command_on).
    pub fn command(&self, action: Action, tenant: Option<TenantId>) -> Result<OperatorCommand, Problem> {
        match self.idempotency {
            Some(_) => Err(Problem::internal("a route that takes keys names its subject by command_on")),
            None => Ok(self.audited(action, tenant, None)),
        }
    }

    /// Like [`command`](Self::command), on a route that is served by
    /// [`serve_operators_rereading`](crate::http::serve_operators_rereading). If the request has an idempotency key,
    /// `subject` is kept for repetitions: the ids and versions of which the reply can be made again. It must not be
    /// personal data.
    pub fn command_on<O: Serialize>(
        &self,
        (action, tenant): (Action, Option<TenantId>),
        subject: impl Serialize,
        reply: &Reply<O>,
    ) -> Result<OperatorCommand, Problem> {
        let receipt = match self.idempotency.clone() {
            Some(request) => {
                Some(Receipt { request, reply: of_subject(subject, render(reply, &self.route)?)? })
            }
            None => None,
        };
        Ok(self.audited(action, tenant, receipt))
    }

    fn audited(
        &self,
        action: Action,
        tenant: Option<TenantId>,
        receipt: Option<Receipt<OperatorDigest>>,
    ) -> OperatorCommand {
        let principal = self.principal.clone();
        OperatorCommand { context: self.origin.context(), principal, action, tenant, receipt }
    }
}

impl Origin {
    /// The context of a command whose request has no idempotency key.
    fn context(&self) -> CommandContext {
        CommandContext { at: self.at, traceparent: self.traceparent.clone(), receipt: None }
    }
}

/// What is stored of a reply with personal data: the subject instead of what shows it.
fn of_subject(subject: impl Serialize, rendered: StoredReply) -> Result<StoredReply, Problem> {
    let body = serde_json::to_string(&subject).map_err(Problem::internal)?;
    Ok(StoredReply { body, ..rendered })
}

/// Renders a reply in the form that is both sent and stored for repetitions.
pub(crate) fn render<A: Access, C: Precondition, O: Serialize>(
    reply: &Reply<O>,
    route: &Route<A, C>,
) -> Result<StoredReply, Problem> {
    let mut headers: BTreeMap<_, _> = reply
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let status = reply.status.unwrap_or(route.declared.success);
    let body = if status == StatusCode::NO_CONTENT {
        String::new()
    } else {
        headers.insert(
            CONTENT_TYPE.to_string(),
            route.declared.verbatim.unwrap_or("application/json").to_owned(),
        );
        match route.declared.verbatim {
            Some(_) => verbatim(&reply.body)?,
            None => serde_json::to_string(&reply.body).map_err(Problem::internal)?,
        }
    };
    if let Some(etag) = headers.get_mut(ETAG.as_str()).filter(|_| reply.shows_others) {
        *etag = etag_with_digest(etag, &body);
    }
    Ok(StoredReply { status: status.as_u16(), headers, body })
}

fn verbatim<O: Serialize>(body: &O) -> Result<String, Problem> {
    match serde_json::to_value(body).map_err(Problem::internal)? {
        serde_json::Value::String(text) => Ok(text),
        _ => Err(Problem::internal("a verbatim answer is not a text")),
    }
}
