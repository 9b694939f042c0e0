//! The argument `describe`, with which a binary prints its description and ends. Release builds ignore it.

use std::process::ExitCode;

use schemars::SchemaGenerator;
use schemars::generate::{Contract, SchemaSettings};

/// The prefix of JSON pointers to named schemas.
const DEFINITIONS: &str = "/components/schemas";

/// Generates the schemas of a description. With `inline`, no schema is shared by its name.
pub(crate) fn generator(contract: Contract, inline: bool) -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = DEFINITIONS.into();
    settings.meta_schema = None;
    settings.contract = contract;
    settings.inline_subschemas = inline;
    settings.into_generator()
}

pub(crate) fn describe_if_asked<E>(describe: impl FnOnce() -> Result<String, E>) -> Option<ExitCode> {
    if !cfg!(debug_assertions) || std::env::args().nth(1).as_deref() != Some("describe") {
        return None;
    }
    match describe() {
        Ok(description) => println!("{description}"),
        Err(_) => return Some(ExitCode::FAILURE),
    }
    Some(ExitCode::SUCCESS)
}

/// The DynamoDB capacity units that one call or one event consumes in one case.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Cost {
    case: &'static str,
    read: f64,
    write: f64,
}

impl Cost {
    /// The cost of the ordinary case.
    pub const fn of(read: f64, write: f64) -> Self {
        Self::when("", read, write)
    }

    pub const fn when(case: &'static str, read: f64, write: f64) -> Self {
        Self { case, read, write }
    }
}
