//! Domain events: how the relay publishes them, and how consumers receive them.

mod batch_answer;
mod consume;
mod dead_letter;
mod relay;

pub use consume::{Delivery, Failure, consume};
pub use relay::relay;
