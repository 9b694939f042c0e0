//! The published language: events, in the form in which they are stored and published. Each context has a file.

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
