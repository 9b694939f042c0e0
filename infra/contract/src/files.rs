//! The generated files below `docs`.

use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use crate::{Contract, ContractError, events, openapi, tables};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Below `docs`.
    pub path: String,
    pub text: String,
}

impl File {
    pub(crate) fn json(path: impl Into<String>, value: &Value) -> File {
        let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
        text.push('\n');
        File { path: path.into(), text }
    }

    fn text(path: &str, text: String) -> File {
        File { path: path.to_owned(), text }
    }
}

/// Makes the files, unless a schema in the workspace would change so that its consumers could not read it any more.
pub fn files(workspace: &Path, contract: &Contract) -> Result<Vec<File>, ContractError> {
    events::check_compatibility(&workspace.join("docs"), &contract.catalogue.description)?;
    let mut files = vec![
        File::json("api/openapi.json", &openapi::tenants(&contract.operations)?),
        File::json("api/operators.json", &openapi::operators(&contract.operations)?),
        File::text("api/roles.md", tables::roles(&contract.operations)),
        File::text("api/capacity.md", tables::capacity(contract)),
        File::text("api/events.md", tables::events(contract)),
    ];
    files.extend(events::files(contract));
    Ok(files)
}

pub fn write(workspace: &Path, files: &[File]) -> Result<(), ContractError> {
    for File { path, text } in files {
        let path = workspace.join("docs").join(path);
        let folder = path.parent().unwrap_or(workspace);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|error| file_error(&path, error))?;
    }
    Ok(())
}

pub fn check(workspace: &Path, files: &[File]) -> Result<(), ContractError> {
    for File { path, text } in files {
        let path = workspace.join("docs").join(path);
        let found = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            found => Some(found.map_err(|error| file_error(&path, error))?),
        };
        if found.as_ref() != Some(text) {
            return Err(ContractError::Drift(path.display().to_string()));
        }
    }
    Ok(())
}

pub(crate) fn file_error(path: &Path, error: std::io::Error) -> ContractError {
    ContractError::File { path: path.display().to_string(), error }
}
