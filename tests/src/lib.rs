//! What the tests and the seeder share: a cloud of one's own, and clients for the public API.

// A test that cannot go on panics, and says why.
#![allow(clippy::expect_used)]

pub mod answers;
mod aws;
pub mod binaries;
pub mod client;
pub mod eventually;
pub mod http;
pub mod journey;
pub mod judge;
pub mod process;
pub mod seed;
pub mod workspace;
pub mod world;

pub use client::{Admin, Anonymous, Member, Operator};
pub use eventually::{eventually, stays};
pub use http::Response;
pub use journey::Tenant;
pub use world::World;
