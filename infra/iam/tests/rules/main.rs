//! The rules by which AWS decides, as its documents say them. Each test cites the page.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accounts;
mod chains;
mod conditions;
mod elements;
mod keys;
mod layers;
mod messages;
mod principals;
mod properties;
mod refusals;
mod services;
mod sets;
mod support;
mod trust;
mod variables;
mod wall;
