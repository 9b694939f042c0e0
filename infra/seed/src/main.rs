//! Seeds a running backend with two demo tenants and prints how to sign in.

use std::process::ExitCode;

use client::Anonymous;
use seed::{introduction, seed};

fn main() -> ExitCode {
    let port = std::env::var("TERRACE_PORT").unwrap_or_else(|_| "4000".to_owned());
    let url = std::env::var("TERRACE_URL").unwrap_or_else(|_| format!("http://127.0.0.1:{port}"));
    let Ok(key) = std::env::var("TERRACE_OPERATOR_KEY") else {
        eprintln!("Set TERRACE_OPERATOR_KEY to the operator key of {url}.");
        return ExitCode::FAILURE;
    };
    let anonymous = Anonymous::new(&url);
    match seed(&anonymous, &anonymous.operator(&key)) {
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
