//! Generates the contract of the API from the template and from the descriptions that the binaries print: the OpenAPI
//! document, and the tables of roles and of capacity.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod catalogue;
mod checks;
mod consumer;
mod describe;
mod error;
mod example;
#[cfg(test)]
mod fixtures;
pub mod openapi;
mod operation;
mod references;
mod tables;
mod template;

use std::path::Path;

pub use catalogue::{Catalogue, CatalogueError, PublishedEvent, PublishedLanguage};
pub use checks::{ConsumerError, RuleError};
pub use consumer::{Consumer, Kind, Subscription};
pub use describe::Cost;
pub use error::ContractError;
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
    let catalogue = catalogue::catalogue(&stack, binaries)?;
    let consumers = consumer::consumers(&stack, binaries, &catalogue)?;
    Ok(Contract { operations: operation::operations(&stack, binaries)?, consumers, catalogue })
}

/// The operations alone, in the order of the template.
pub fn operations(workspace: &Path, binaries: &Path) -> Result<Vec<Operation>, ContractError> {
    let stack = template::load(&workspace.join("template.yaml"))?;
    operation::operations(&stack, Binaries { workspace, folder: binaries })
}

/// The names of the files below `docs/api`, with their contents.
pub fn files(operations: &[Operation]) -> Result<Vec<(&'static str, String)>, ContractError> {
    let document = openapi::document(operations)?;
    let mut json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.push('\n');
    Ok(vec![
        ("openapi.json", json),
        ("roles.md", tables::roles(operations)),
        ("capacity.md", tables::capacity(operations)),
    ])
}

pub fn write(workspace: &Path, files: &[(&str, String)]) -> Result<(), ContractError> {
    for (name, text) in files {
        let path = workspace.join("docs/api").join(name);
        std::fs::write(&path, text)
            .map_err(|error| ContractError::File { path: path.display().to_string(), error })?;
    }
    Ok(())
}

pub fn check(workspace: &Path, files: &[(&str, String)]) -> Result<(), ContractError> {
    for (name, text) in files {
        let path = workspace.join("docs/api").join(name);
        let found = std::fs::read_to_string(&path)
            .map_err(|error| ContractError::File { path: path.display().to_string(), error })?;
        if found != *text {
            return Err(ContractError::Drift(path.display().to_string()));
        }
    }
    Ok(())
}
