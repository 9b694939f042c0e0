//! Domain events: how the relay publishes them, and how consumers receive them.

mod batch_answer;
mod consume;
mod consumer;
mod message;
mod outcome;
mod queue;
mod relay;

pub use crate::describe::Cost;
pub use consume::consume;
pub use consumer::Consumer;
pub use message::Delivery;
pub use outcome::{Failure, Outcome};
pub use relay::relay;

/// The bytes of an event that the bus takes, with its source and its type.
const LARGEST_EVENT: usize = 256 * 1024;
