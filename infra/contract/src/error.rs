//! What prevents the contract from being made, and what to do about it.

use crate::access_class::AccessClassError;
use crate::catalogue::CatalogueError;
use crate::checks::{ConsumerError, DeferralError, FeedError, RuleError};
use crate::events::PublishedError;

#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    #[error("{0}")]
    Template(String),
    #[error("{binary} printed no valid description: {reason}; build it, and call {how} in its main")]
    NoDescription { binary: String, how: &'static str, reason: String },
    #[error("{function} has no Description; say in the template what it does")]
    NoSummary { function: String },
    #[error("{function}, {key}: {difference}; make the template and the binary agree")]
    Disagreement { function: String, key: String, difference: String },
    #[error("two different schemas are named {name}; rename one of the types")]
    Ambiguous { name: String },
    #[error(transparent)]
    AccessClass(#[from] AccessClassError),
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Rule(#[from] RuleError),
    #[error(transparent)]
    Feed(#[from] FeedError),
    #[error(transparent)]
    Consumer(#[from] ConsumerError),
    #[error(transparent)]
    Deferral(#[from] DeferralError),
    #[error(transparent)]
    Published(#[from] PublishedError),
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("{0} is out of date; run make contract, and commit what it changes")]
    Drift(String),
}
