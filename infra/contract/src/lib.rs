//! Generates the contract of the API from the template and from the descriptions that the binaries print: the OpenAPI
//! document, and the tables of roles and of capacity.

mod describe;
mod error;
mod example;
pub mod openapi;
mod operation;
mod references;
mod tables;
mod template;

use std::path::Path;

pub use describe::Cost;
pub use error::ContractError;
pub use operation::{Description, Operation, Problem, RequiredAccess};

use describe::Binaries;

/// The operations of the API, in the order of the template.
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
