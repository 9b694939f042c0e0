//! Support for tests: a cloud for each test, clients whose responses are compared with the contract, and setup steps.

// Test support panics with a message instead of returning errors.
#![allow(clippy::expect_used)]

pub mod answers;
mod aws;
pub mod binaries;
pub mod calls;
pub mod comment_steps;
mod due;
pub mod journey;
pub mod metering;
pub mod order_steps;
pub mod plugin_steps;
pub mod post_steps;
pub mod process;
pub mod raw_bytes;
pub mod stage;
pub mod story;
pub mod terrace;
pub mod wire;
pub mod workspace;
pub mod world;

pub use aws::Consumed;
pub use journey::Tenant;
pub use world::World;
