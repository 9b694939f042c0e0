//! Domain events: how they are stored beside state, how they travel, and how a consumer receives them.

mod batch_answer;
mod consume;
mod dead_letter;
mod relay;

pub use consume::{Delivery, Failure, consume};
pub use domain::Actor;
pub use domain::event::*;
pub use relay::relay;
