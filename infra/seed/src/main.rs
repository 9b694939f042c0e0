//! Seeds a running backend with two demo tenants and prints how to sign in.

use std::env::var;
use std::path::PathBuf;
use std::process::ExitCode;

use client::{Anonymous, Keys, Operator};
use seed::{introduction, seed};

fn main() -> ExitCode {
    let url = address("TERRACE_URL", "TERRACE_PORT", 4000);
    let operators = address("TERRACE_OPERATORS_URL", "TERRACE_OPERATORS_PORT", 4003);
    let profile = var("TERRACE_PROFILE").unwrap_or_else(|_| "operator".to_owned());
    let keys = match Keys::of_profile(&credentials(), &profile) {
        Ok(keys) => keys,
        Err(error) => {
            eprintln!(
                "{error}. TERRACE_CREDENTIALS and TERRACE_PROFILE name an operator's keys for {operators}."
            );
            return ExitCode::FAILURE;
        }
    };
    match seed(&Anonymous::new(&url), &Operator::new(&operators, keys)) {
        Ok(added) => {
            println!("{}", introduction(&url, added));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Seeding failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn address(url: &str, port: &str, default: u16) -> String {
    var(url)
        .unwrap_or_else(|_| format!("http://127.0.0.1:{}", var(port).unwrap_or_else(|_| default.to_string())))
}

/// Where the local cloud writes the keys of its profiles.
fn credentials() -> PathBuf {
    let data = || PathBuf::from(var("TERRACE_DATA").unwrap_or_else(|_| ".local".to_owned()));
    var("TERRACE_CREDENTIALS").map_or_else(|_| data().join("credentials"), PathBuf::from)
}
