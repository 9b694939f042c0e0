//! Checks that compare the template, the consumers and the catalogue with each other.

mod closed;
mod consumers;
mod deferrals;
mod feeds;
mod language;
mod pattern;
mod rules;

pub use consumers::ConsumerError;
pub(crate) use consumers::consumer;
pub use deferrals::DeferralError;
pub(crate) use deferrals::{deferral, stray_deferrals};
pub use feeds::FeedError;
pub(crate) use feeds::feeds;
pub(crate) use language::catalogue;
pub use rules::RuleError;
pub(crate) use rules::rules;
