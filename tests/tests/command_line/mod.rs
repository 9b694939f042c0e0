//! `terrace`, the operators' command line: the real program against the real API.

mod access;
mod admins;
mod encrypted;
mod onboarding;
mod owners;
mod suspension;
mod tiers;
mod usage;
