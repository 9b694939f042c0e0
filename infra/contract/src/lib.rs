//! Generates the contract of the API from the template and from the descriptions that the binaries print: the OpenAPI
//! document, and the tables of roles and of capacity.

mod example;
pub mod openapi;
mod operation;
mod tables;

use std::path::Path;

pub use operation::{Cost, Operation, Problem, RequiredAccess, operations};

#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    #[error("{0}")]
    Template(String),
    #[error("{binary} printed no valid description: {reason}; build it, and call serve in its main")]
    NoDescription { binary: String, reason: String },
    #[error("{function}, {key}: {difference}; make the template and the binary agree")]
    Disagreement { function: String, key: String, difference: String },
    #[error("two different schemas are named {name}; rename one of the types")]
    Ambiguous { name: String },
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("{0} is out of date; run make contract, and commit what it changes")]
    Drift(String),
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
