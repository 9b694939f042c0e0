//! All tests that run a cloud. They are one binary, so that the functions are built once and the support is linked
//! once.
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
