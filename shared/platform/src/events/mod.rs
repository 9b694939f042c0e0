//! Domain events: how they are stored beside state, how they travel, and how a consumer receives them.

mod consume;
mod data;
mod envelope;
mod relay;

pub use consume::{Delivery, Failure, consume};
pub use data::{Event, EventType, OrderConfirmed, OrderPlaced, ProductCreated, TenantOnboarded};
pub use envelope::{Actor, Aggregate, Envelope};
pub(crate) use envelope::{SOURCE, StoredCommit};
pub use relay::relay;
