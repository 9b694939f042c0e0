//! Domain events: how the relay publishes them, and how consumers receive them.

mod batch_answer;
mod consume;
mod consumer;
mod due;
mod gate;
mod message;
mod outcome;
mod queue;
mod relay;

pub use crate::describe::Cost;
pub use consume::consume;
pub use consumer::Consumer;
pub use due::run_due;
pub use message::Delivery;
pub use outcome::{Failure, Outcome};
pub use relay::relay;

/// The most bytes of an event, with its source and its type. The bus has taken four times as many since 2026, but an
/// event holds ids and amounts, and whoever subscribes may rely on this.
const LARGEST_EVENT: usize = 256 * 1024;
