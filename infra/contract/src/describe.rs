//! The descriptions that binaries print when they are started with the argument `describe`.

use std::path::Path;
use std::process::Command;

use cloud::model::Function;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::ContractError;

/// The capacity units that a call or an event consumes in this case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Cost {
    pub case: String,
    pub read: f64,
    pub write: f64,
}

/// What a binary may print.
pub(crate) trait Printed: DeserializeOwned {
    /// What `main` calls to print it.
    const HOW: &str;
}

/// The built binaries of a workspace.
#[derive(Clone, Copy)]
pub(crate) struct Binaries<'a> {
    pub(crate) workspace: &'a Path,
    pub(crate) folder: &'a Path,
}

impl Binaries<'_> {
    pub(crate) fn describe<P: Printed>(self, function: &Function) -> Result<P, ContractError> {
        let output = Command::new(self.folder.join(&function.binary))
            .arg("describe")
            .output()
            .map_err(|error| no_description::<P>(function, error.to_string()))?;
        if !output.status.success() {
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            return Err(no_description::<P>(function, printed));
        }
        read(function, &output.stdout)
    }

    /// The crate below `functions` that contains the binary.
    pub(crate) fn context<P: Printed>(self, function: &Function) -> Result<String, ContractError> {
        self.crate_of(&function.binary)
            .ok_or_else(|| no_description::<P>(function, "no crate below functions/ contains it".into()))
    }

    fn crate_of(self, binary: &str) -> Option<String> {
        let crates = std::fs::read_dir(self.workspace.join("functions")).ok()?;
        let source = format!("src/bin/{binary}.rs");
        let mut holding = crates.flatten().filter(|folder| folder.path().join(&source).is_file());
        holding.next()?.file_name().into_string().ok()
    }
}

fn read<P: Printed>(function: &Function, printed: &[u8]) -> Result<P, ContractError> {
    serde_json::from_slice(printed).map_err(|error| no_description::<P>(function, error.to_string()))
}

fn no_description<P: Printed>(function: &Function, reason: String) -> ContractError {
    ContractError::NoDescription { binary: function.binary.clone(), how: P::HOW, reason }
}

/// The function's `Description` in the template, which the documents show.
pub(crate) fn summary(function: &Function) -> Result<String, ContractError> {
    match function.description.as_str() {
        "" => Err(ContractError::NoSummary { function: function.logical_id.clone() }),
        summary => Ok(summary.to_owned()),
    }
}
