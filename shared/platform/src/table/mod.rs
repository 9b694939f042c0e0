//! One tenant's part of the table: what it is divided into, and how it is read and written. A context builds its store
//! on this module, and can name no key, client or tenant.

mod commit;
mod credentials;
mod decided;
mod idempotency;
mod keys;
mod listing;
mod log;
pub mod namespace;
mod row;
mod scope;
#[cfg(test)]
mod tests;
mod walk;
mod write;

use std::fmt;

pub use commit::CommandContext;
pub use decided::{Decided, Known};
pub(crate) use idempotency::{IdempotencyKey, IdempotencyLookup, IdempotentRequest, Receipt, StoredReply};
pub(crate) use keys::parse_commit_key;
pub use keys::{Attribute, SortKey};
pub(crate) use keys::{PK, SK};
pub use listing::{Listing, beginning_with};
pub use log::{Commits, LoggedCommit};
pub use namespace::{Namespace, Partition};
pub use row::Row;
pub(crate) use scope::TenantTable;
pub use scope::{Page, Scope};
pub use walk::Walk;
pub use write::{Condition, Value, Write};

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
    /// A rule of one context does not hold; the text says what to do.
    Rule(&'static str),
    /// The idempotency key was committed by another request.
    IdempotencyKey,
}

impl StoreError {
    pub(crate) fn unavailable(error: impl std::error::Error) -> Self {
        Self::Unavailable(chain(&error))
    }

    pub fn corrupt(error: impl fmt::Display) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// The pause before another attempt at what others change at the same moment. The first attempt, number 0, waits for
/// nothing.
pub async fn pause(attempt: u32) {
    tokio::time::sleep(crate::runtime::backoff(attempt)).await;
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
