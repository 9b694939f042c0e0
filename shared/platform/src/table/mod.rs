//! One tenant's part of the table: its partitions, and how they are read and written.
//!
//! Contexts build their stores on this module, which gives them no access to partition keys, clients and
//! other tenants.

mod access_class;
mod batch;
mod commit;
mod condition;
mod decided;
mod due;
mod erasure;
mod filter;
mod idempotency;
mod keys;
mod ledger;
mod listing;
mod log;
pub mod namespace;
mod operator_command;
mod operator_receipts;
mod operator_registry;
mod row;
mod scope;
mod search;
#[cfg(test)]
mod tests;
mod vendor;
mod walk;
mod write;

use std::fmt;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use domain::event::Unreadable;
use domain::tier::QuotaReached;

use crate::aws::{explain, is_denied};
use crate::limits::Usage;

pub use crate::runtime::pause;
pub use access_class::AccessClass;
pub(crate) use batch::SharedRow;
pub use commit::CommandContext;
pub use condition::{Condition, Value};
pub use decided::{Decided, Known};
pub(crate) use due::{DueItem, DueLedger, DuePage, Minute, Position};
pub use filter::{Filter, Test};
pub(crate) use idempotency::{IdempotencyKey, IdempotencyLookup, IdempotentRequest, Receipt, StoredReply};
pub(crate) use keys::parse_commit_key;
pub use keys::{Attribute, SortKey};
pub(crate) use keys::{PK, SK};
pub use ledger::{DayUsage, Unclosed, UsageLedger, Used};
pub use listing::{By, Listing, beginning_with};
pub use log::{CommitRow, Commits, Log, LoggedCommit, LoggedEvent};
pub use namespace::{Namespace, Partition};
pub use operator_command::OperatorCommand;
pub(crate) use operator_command::{AuditedCommand, OPERATORS_AUDIT};
pub(crate) use operator_receipts::{OperatorDigest, OperatorReceipts};
pub use operator_registry::OperatorRegistry;
pub use row::Row;
pub(crate) use scope::TenantTable;
pub use scope::{Page, Scope};
pub(crate) use vendor::Vendor;
pub use walk::{Step, Walk};
pub use write::Write;

/// Why a read or a write failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The write conflicts with the stored state, so nothing was written.
    #[error("a condition of the write does not hold: {0:?}")]
    Conflict(Conflict),
    /// The tenant has used up its window of requests, so nothing was written.
    #[error("the tenant's limit of requests is reached")]
    OverLimit(Usage),
    /// A service failed or did not answer. A write may have taken place all the same.
    #[error("the store did not answer: {0}")]
    Unavailable(String),
    /// AWS has refused the credentials, or what was asked with them. The template gives too few rights, or
    /// something asks for more than it should.
    #[error("access was denied: {0}")]
    Denied(String),
    /// An item that cannot be read or written, which no retry can help.
    #[error("an item cannot be read: {0}")]
    Corrupt(String),
    /// Another version has written it. This one can read it once it is deployed.
    #[error("{0}")]
    Unknown(String),
}

/// Which condition of a commit failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Another commit has changed the version in the meantime.
    Version,
    /// Other transactions on the same items were in the way at every attempt.
    Contention,
    /// Something unique exists already; the text names it.
    Exists(&'static str),
    /// A rule of a context would be broken; the text is for the client, and says what to do.
    Rule(&'static str),
    /// The tenant has as much of something as it may have.
    QuotaReached(QuotaReached),
    /// Too many links were asked for, for so many seconds.
    Wait(u64),
    /// The actor may not do this any more; the text is for the client.
    Forbidden(&'static str),
    /// What the actor's power was decided on has changed: decide again.
    Power,
    /// The role is one of so many users, or became one.
    RoleInUse,
    /// Another request with the same idempotency key has been committed.
    IdempotencyKey,
}

impl StoreError {
    /// Why a call to AWS failed.
    pub(crate) fn from_sdk<E, R>(error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: fmt::Debug,
    {
        let is_denied = is_denied(&error);
        let reason = explain(error);
        match is_denied {
            true => Self::Denied(reason),
            false => Self::Unavailable(reason),
        }
    }

    pub fn corrupt(error: impl fmt::Display) -> Self {
        Self::Corrupt(error.to_string())
    }
}

impl From<Unreadable> for StoreError {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Unknown(_) => Self::Unknown(unreadable.to_string()),
            Unreadable::Broken(_) => Self::corrupt(unreadable),
        }
    }
}
