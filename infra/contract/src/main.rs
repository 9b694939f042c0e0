//! Writes the files of the contract, or with `--check` verifies that they are up to date.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contract::{Contract, ContractError};

fn main() -> ExitCode {
    let check = std::env::args().nth(1).as_deref() == Some("--check");
    match run(check) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("contract: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Result<String, ContractError> {
    let workspace = workspace();
    let contract = contract::load(&workspace, &binaries())?;
    let files = contract::files(&workspace, &contract)?;
    match check {
        true => contract::check(&workspace, &files)?,
        false => contract::write(&workspace, &files)?,
    }
    let statuses: usize = contract.operations.iter().map(contract::openapi::statuses).sum();
    let Contract { operations, consumers, catalogue } = &contract;
    let (operations, consumers) = (operations.len(), consumers.len());
    let events = catalogue.description.events.len();
    let verb = if check { "agrees with" } else { "was written from" };
    Ok(format!(
        "The contract {verb} {operations} operations with {statuses} statuses, {consumers} consumers and {events} events."
    ))
}

fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Cargo puts this program and the functions' binaries into the same directory.
fn binaries() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.parent().map(Path::to_owned).unwrap_or_default()
}
