//! What all functions share. The modules are layers, and each uses only those before it: the process
//! (configuration, telemetry, metering, AWS clients), `tenancy`, `limits`, `table`, `plugins`, `usage`, `events`, `http`, `mail`,
//! `accounts`, `health`.
//!
//! A function reaches a tenant's data only through a [`Scope`](table::Scope), and gets one only from
//! [`http::serve`] or [`events::consume`], which verify the tenant first, or from [`accounts`], for operators and for days
//! that are closed.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod accounts;
mod aws;
mod config;
mod describe;
pub mod events;
pub mod health;
mod hex;
pub mod http;
mod json;
mod limits;
pub mod mail;
mod metering;
pub mod plugins;
mod runtime;
pub mod schedule;
mod slow_hash;
pub mod table;
mod telemetry;
pub mod tenancy;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod usage;

pub use config::ConfigError;
pub use runtime::StartError;

/// A new id from a UUID of version 7, so that ids sort by the time at which they were made.
pub fn new_id<I>(from: fn(uuid::Uuid) -> I) -> I {
    from(uuid::Uuid::now_v7())
}
