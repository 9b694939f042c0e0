//! Everything that runs a cloud: one binary, so the functions are built once and the test support links once.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod api;
mod bad_input;
mod capacity;
mod conditional;
mod contract;
mod events;
mod gateway;
mod isolation;
mod notifying;
mod partial_dashboard;
mod restart;
mod seeding;
mod walk;
