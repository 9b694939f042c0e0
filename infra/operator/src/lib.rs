//! `terrace`, the operators' command line: the operators' API, with the AWS credentials of whoever calls it.
//!
//! A module for each group of commands has its arguments and what it asks of the API. A command gives an [`Answer`],
//! which is printed as the API's JSON or for people; a [`Failure`] has the exit code.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod access;
mod answer;
mod api;
mod arguments;
mod audit;
mod entitlements;
mod failure;
mod prompt;
#[cfg(test)]
mod stub;
mod tenants;
mod tiers;
mod usage;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::answer::Answer;
use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let json = arguments.json;
    match run(arguments) {
        Ok(answer) => print(if json { answer.json() } else { answer.text() }),
        Err(failure) => {
            if let Some(problem) = failure.json().filter(|_| json) {
                print(problem);
            }
            eprintln!("{failure}");
            return failure.exit_code();
        }
    }
    ExitCode::SUCCESS
}

fn run(arguments: Arguments) -> Result<Answer, Failure> {
    let api = arguments.access.connect()?;
    match arguments.command {
        Command::Tenants { command } => command.run(&api),
        Command::Tiers { command } => command.run(&api),
        Command::Usage(day) => day.run(&api, !arguments.json),
        Command::Audit(audit) => audit.run(&api),
    }
}

/// Whoever has closed the pipe wants no more.
fn print(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{}", text.trim_end());
}
