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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consumer::{Kind, Subscription};
    use crate::fixtures;

    #[test]
    fn a_consumer_prints_a_subscription() {
        let stack = fixtures::stack();
        let printed =
            br#"{"kind":"reaction","accessClass":"notify","events":["order.placed"],"continues":true,"defers":false,
            "whileInactive":[],"costs":[{"case":"order.placed, with a line","read":1.5,"write":4.0}]}"#;
        let read: Subscription = read(fixtures::notify(&stack), printed).unwrap();
        assert_eq!((read.kind, read.continues), (Kind::Reaction, true));
        assert_eq!(read.events, ["order.placed"]);
        let case = "order.placed, with a line".to_owned();
        assert_eq!(read.costs, [Cost { case, read: 1.5, write: 4.0 }]);
    }

    #[test]
    fn a_function_that_a_queue_feeds_needs_a_description() {
        let stack = fixtures::stack();
        let refused =
            |printed: &[u8]| read::<Subscription>(fixtures::notify(&stack), printed).unwrap_err().to_string();
        let message = refused(b"");
        assert!(message.starts_with("notify printed no valid description: "), "{message}");
        assert!(message.ends_with("; build it, and call consume in its main"), "{message}");
        let message =
            refused(br#"{"kind":"cache","accessClass":"notify","events":[],"continues":false,"defers":false,"costs":[]}"#);
        assert!(message.contains("unknown variant `cache`"), "{message}");
    }

    #[test]
    fn a_binary_that_is_not_built_has_no_description() {
        let stack = fixtures::stack();
        let nowhere = Path::new("/nowhere");
        let binaries = Binaries { workspace: nowhere, folder: nowhere };
        let refused = binaries.describe::<Subscription>(fixtures::notify(&stack)).unwrap_err().to_string();
        assert!(refused.starts_with("notify printed no valid description: "), "{refused}");
    }

    #[test]
    fn a_function_says_what_it_does() {
        let mut function = fixtures::notify(&fixtures::stack()).clone();
        assert_eq!(summary(&function).unwrap(), "Tells people what happened");
        function.description.clear();
        let refused = summary(&function).unwrap_err().to_string();
        assert_eq!(refused, "NotifyFunction has no Description; say in the template what it does");
    }
}
