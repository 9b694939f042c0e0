//! The published language: events, in the form in which they are stored and published.

mod catalogue;
mod envelope;
mod order;
mod product;
mod tenant;
mod user;

pub use catalogue::{Event, EventType};
pub use envelope::{Aggregate, Envelope, SOURCE, StoredCommit, StoredEvent};
pub use order::{LineAdded, LineRemoved, OrderCancelled, OrderConfirmed, OrderPlaced, OrderedLine};
pub use product::{ProductCreated, ProductRetired, ProductUpdated};
pub use tenant::{TenantOnboarded, TenantRenamed};
pub use user::{PasswordChanged, UserDeactivated, UserRegistered, UserUpdated};
