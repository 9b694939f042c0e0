//! All tests that run a cloud. They are one binary, so that the functions are built once and the support is linked
//! once.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod api;
mod attacks;
mod bad_input;
mod capacity;
mod command_line;
mod conditional;
mod consumers;
mod contract;
mod denied;
mod events;
mod fan_out;
mod gateway;
mod isolation;
mod notifying;
mod partial_dashboard;
mod processes;
mod published;
mod relaying;
mod restart;
mod rolling_deploy;
mod seeding;
mod usage;
mod walk;
mod wire;
