//! Domain events: how they are stored beside state, how they travel, and how a consumer receives them.

mod batch_answer;
mod consume;
mod data;
mod dead_letter;
mod envelope;
mod relay;

pub use consume::{Delivery, Failure, consume};
pub use data::*;
pub use envelope::{Actor, Aggregate, Envelope};
pub(crate) use envelope::{SOURCE, StoredCommit, StoredEvent};
pub use relay::relay;
