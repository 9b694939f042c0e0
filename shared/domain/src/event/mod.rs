//! The published language: what happened, in the form in which it is stored and travels. Each context has a file.

mod aggregate;
mod catalogue;
mod envelope;
mod order;
mod product;
mod tenant;
mod user;

pub use aggregate::Aggregate;
pub use catalogue::{Event, EventType};
pub use envelope::{Envelope, SOURCE, StoredCommit, StoredEvent};
pub use order::*;
pub use product::*;
pub use tenant::*;
pub use user::*;
