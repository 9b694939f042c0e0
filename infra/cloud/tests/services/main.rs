//! The services as functions see them: over HTTP, in the protocols of AWS.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod administration;
mod batches;
mod conditions;
mod dynamodb;
mod events;
mod fair;
mod faults;
mod held;
mod kms;
mod lambda;
mod mail;
mod profiles;
mod queues;
mod restart;
mod schedules;
mod signatures;
mod signer;
mod stack;
mod streams;
mod sts;
mod support;
mod switches;
mod wire;
