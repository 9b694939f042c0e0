//! What the tests share: a cloud of one's own, clients whose answers are compared with the contract, and first steps.

// A test that cannot go on panics, and says why.
#![allow(clippy::expect_used)]

pub mod answers;
mod aws;
pub mod binaries;
pub mod journey;
pub mod process;
pub mod workspace;
pub mod world;

pub use journey::Tenant;
pub use world::World;
