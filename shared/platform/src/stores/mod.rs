//! Where state lives. Each module is one context's repository; all of them work within one tenant.

mod audit;
mod commit;
mod directory;
mod event_log;
mod idempotency;
mod inbox;
mod keys;
mod listing;
mod onboarding;
mod order_lists;
mod orders;
mod preferences;
mod products;
mod registry;
mod scope;
mod sent_mails;
mod sessions;
mod tenants;
#[cfg(test)]
mod tests;
mod users;
mod write;

use std::fmt;

pub use domain::Version;

pub use audit::{Audit, AuditEntry, AuditFilter};
pub use commit::CommandContext;
pub(crate) use idempotency::{Earlier, IdempotencyKey, Receipt, Request as IdempotentRequest, StoredReply};
pub use inbox::{Inbox, InboxOverview};
pub(crate) use keys::parse_commit_key;
pub use onboarding::{NewTenant, Onboarding};
pub use order_lists::OrderLists;
pub use orders::{AsOf, Decision, LoadedOrder, OrderHistory, Orders, decide_order};
pub use preferences::NotificationPreferences;
pub use products::Products;
pub use registry::Registry;
pub(crate) use scope::TenantTable;
pub use scope::{Page, Scope};
pub use sent_mails::SentMails;

pub use directory::Directory;
pub(crate) use sessions::Sessions;
pub use tenants::{LoadedTenant, Tenants};
pub use users::{LoadedUser, UserDecision, Users, decide_user};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("a condition of the write does not hold: {0:?}")]
    Conflict(Conflict),
    #[error("the store did not answer: {0}")]
    Unavailable(String),
    #[error("an item cannot be read: {0}")]
    Corrupt(String),
}

/// Which condition of a commit did not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Somebody committed another version first.
    Version,
    /// Another transaction held the items, several times in a row.
    Contention,
    /// Something unique is taken already.
    Exists(&'static str),
    /// A tenant keeps one admin at least.
    LastAdmin,
    /// The idempotency key was committed by another request.
    IdempotencyKey,
}

impl StoreError {
    pub(crate) fn unavailable(error: impl std::error::Error) -> Self {
        Self::Unavailable(chain(&error))
    }

    pub(crate) fn corrupt(error: impl fmt::Display) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// SDK errors hide their reason in their sources.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}
