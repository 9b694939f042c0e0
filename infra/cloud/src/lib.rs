//! Emulates AWS on one machine: reads a SAM template and runs its API, functions and services.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod apis;
mod backend;
pub mod cli;
mod cloud;
pub mod compute;
mod console;
mod credentials_file;
pub mod gateway;
mod ids;
pub mod invoke;
mod listener;
mod local_names;
mod log_pattern;
pub mod model;
mod pattern;
mod percent;
mod schedule;
pub mod services;
pub mod storage;
pub mod template;

pub use apis::ApiError;
pub use backend::Backend;
pub use cloud::{Cloud, DEFAULT_STACK_NAME, Options, StartError};
pub use compute::{LentEnvironmentError, lent_environment};
pub use listener::ListenError;
pub use pattern::{PatternError, rule_matches};
pub use services::{
    Authorization, Calls, CapacityLog, Consumed, Denied, Effect, Fault, FaultId, Faults, Mail, NoEventSource,
    Times,
};
pub use storage::Storage;
