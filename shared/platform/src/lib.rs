//! What every function shares: configuration, tenancy, HTTP, events, and the stores.
//!
//! A function reaches a tenant's data only through a [`Scope`](stores::Scope), and gets one only from
//! [`http::serve`] or [`events::consume`], which verified the tenant first.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod aws;
mod config;
pub mod events;
pub mod health;
pub mod http;
pub mod mail;
pub mod passwords;
mod runtime;
pub mod sign_in;
pub mod stores;
mod telemetry;
pub mod tenancy;
pub mod tokens;
pub mod views;

pub use config::ConfigError;
pub use runtime::StartError;

/// A new id, in the order of time.
pub fn new_id<I>(from: fn(uuid::Uuid) -> I) -> I {
    from(uuid::Uuid::now_v7())
}
