//! The laptop's AWS: reads a SAM template and runs it, whole, in one process.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod compute;
pub mod gateway;
pub mod invoke;
pub mod model;
pub mod services;
pub mod storage;
pub mod template;
