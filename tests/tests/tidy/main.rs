//! What the workspace promises about itself.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod house;
mod packages;
mod sources;
