//! Generates the contract of the API and of the event bus from the template and from the descriptions that the binaries
//! print: the OpenAPI and the AsyncAPI document, the schemas of events, and the tables of roles, capacity and events.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod access_class;
mod catalogue;
mod checks;
mod consumer;
mod describe;
mod error;
pub mod events;
mod example;
mod files;
#[cfg(test)]
mod fixtures;
pub mod openapi;
mod operation;
mod references;
mod tables;
mod template;

use std::path::Path;

pub use access_class::AccessClassError;
pub use catalogue::{Catalogue, CatalogueError, PublishedEvent, PublishedLanguage};
pub use checks::{ConsumerError, DeferralError, FeedError, RuleError};
pub use consumer::{Consumer, Kind, Subscription};
pub use describe::Cost;
pub use error::ContractError;
pub use files::{File, check, files, write};
pub use operation::{Description, Operation, Problem, RequiredAccess};

use describe::Binaries;

/// The operations of the API, the consumers of the event bus, and the events that are published there.
#[derive(Debug, Clone)]
pub struct Contract {
    pub operations: Vec<Operation>,
    pub consumers: Vec<Consumer>,
    pub catalogue: Catalogue,
}

/// Collects the descriptions of all binaries in `binaries`, and checks that they agree with the template.
pub fn load(workspace: &Path, binaries: &Path) -> Result<Contract, ContractError> {
    let stack = template::load(&workspace.join("template.yaml"))?;
    let binaries = Binaries { workspace, folder: binaries };
    access_class::authorizers(&stack, binaries)?;
    let catalogue = catalogue::catalogue(&stack, binaries)?;
    let consumers = consumer::consumers(&stack, binaries, &catalogue)?;
    Ok(Contract { operations: operation::operations(&stack, binaries)?, consumers, catalogue })
}
