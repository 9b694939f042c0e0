//! The rules by which AWS decides, as its documents say them. Each test cites the page.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod conditions;
mod elements;
mod sets;
mod support;
mod variables;
