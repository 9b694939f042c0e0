//! The domain model: values, aggregates and decisions, independent of storage, transport and runtime.
//!
//! Everything here is synchronous and pure: time, randomness and identifiers come in as arguments.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod audit;
pub mod comment;
mod decision;
mod device;
pub mod event;
mod folding;
pub mod id;
pub mod link;
pub mod locale;
pub mod money;
pub mod notification;
pub mod operator;
pub mod order;
pub mod people;
pub mod permission;
pub mod person;
pub mod plugin;
pub mod post;
pub mod power;
pub mod product;
pub mod registration;
pub mod role;
mod rule;
pub mod specification;
pub mod tag_job;
pub mod tenant;
pub mod text;
pub mod tier;
pub mod time_zone;
pub mod usage;
pub mod user;
mod version;

pub use decision::{Actor, Decision, Stamp};
pub use rule::InvalidValue;
pub use version::{Version, Versioned};
