//! Checks of the workspace's own rules.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod house;
mod packages;
mod profiles;
mod sources;
