//! Domain events: how they travel, and how a consumer receives them.

mod batch_answer;
mod consume;
mod dead_letter;
mod relay;

pub use consume::{Delivery, Failure, consume};
pub use relay::relay;
