//! What is committed beside the effect of an operator's command, in the same transaction.

use domain::Version;
use domain::audit::AuditPosition;
use domain::event::Tagged;
use domain::id::{EventId, TenantId};
use domain::operator::{Action, OperatorPrincipal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keys::{DOCUMENT, VERSION};
use super::operator_receipts::receipt;
use super::{CommandContext, Condition, Conflict, OperatorDigest, Receipt, SortKey, StoreError, Write};
use crate::new_id;

/// The partition of the registry that says what operators did. One is enough: they are people and pipelines, and a
/// partition takes a thousand writes in a second.
pub(crate) const OPERATORS_AUDIT: &str = "operators#audit";

/// What is committed beside the effect of an operator's command: the row of the operators' audit, and the receipt if
/// the request has an idempotency key. [`Scope::commit`](super::Scope::commit) refuses an operator's writes without it.
pub struct OperatorCommand {
    pub(crate) context: CommandContext,
    pub(crate) principal: OperatorPrincipal,
    pub(crate) action: Action,
    pub(crate) tenant: Option<TenantId>,
    pub(crate) receipt: Option<Receipt<OperatorDigest>>,
}

/// What the operators' audit says of one command. The action may be of a newer version than this one.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AuditDocument<A> {
    pub(crate) at: Timestamp,
    pub(crate) principal: OperatorPrincipal,
    pub(crate) action: A,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<TenantId>,
}

/// As it is read.
pub(crate) type AuditedCommand = AuditDocument<Tagged<Action>>;

impl OperatorCommand {
    /// The writes into the registry that every commit of an operator has.
    pub(crate) fn writes(&self, registry_table: &str) -> Result<Vec<Write>, StoreError> {
        let receipt = self.receipt.as_ref().map(|made| receipt(registry_table, made, self.context.at));
        Ok([Some(self.audit(registry_table)?), receipt.transpose()?].into_iter().flatten().collect())
    }

    fn audit(&self, registry_table: &str) -> Result<Write, StoreError> {
        let Self { context, principal, action, tenant, receipt: _ } = self;
        let document =
            AuditDocument { at: context.at, principal: principal.clone(), action, tenant: *tenant };
        let document = serde_json::to_string(&document).map_err(StoreError::corrupt)?;
        let key = SortKey::of(AuditPosition::new(context.at, new_id(EventId::from_uuid)));
        let (condition, conflict) = (Condition::absent(), Conflict::Exists("audit entry"));
        let write = Write::new(registry_table, OPERATORS_AUDIT.to_owned(), &key, condition, conflict);
        Ok(write.own_number(VERSION, Version::FIRST).own_text(DOCUMENT, document))
    }
}
