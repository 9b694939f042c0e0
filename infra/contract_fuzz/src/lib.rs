//! Tests the running APIs with Schemathesis, which generates requests from the OpenAPI documents. Each run acts as one
//! role on its API and has a cloud of its own, with data in it.

mod arguments;
mod role;
mod settings;

use std::fmt;
use std::path::Path;
use std::process::Command;

use contract::Operation;
use serde_json::Value;
use tests::{World, workspace};

pub use arguments::{Arguments, UsageError};
pub use role::{Ids, Role};

pub struct Outcome {
    role: Role,
    ids: Ids,
    operations: u64,
    cases: u64,
    pub failures: u64,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outcome { role, ids, operations, cases, failures } = self;
        let who = format!("{role:?}, {ids:?}");
        write!(f, "{who:<16} {operations:>3} operations {cases:>6} cases {failures:>3} failures")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum FuzzError {
    #[error("{0} is missing; make contract-test installs it")]
    Missing(String),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("only {tested} of {all} operations were tested as {role:?}")]
    Incomplete { role: Role, tested: u64, all: u64 },
    #[error("the session of {role:?} ended before the run: its last request was answered {status}")]
    SignedOut { role: Role, status: u16 },
    #[error("Schemathesis reported no result as {role:?}:\n{output}")]
    NoResult { role: Role, output: String },
}

pub fn run(role: Role, ids: Ids, examples: u64, seed: u64) -> Result<Outcome, FuzzError> {
    let program = workspace::root().join(".venv/bin/schemathesis");
    if !program.is_file() {
        return Err(FuzzError::Missing(program.display().to_string()));
    }
    let world = World::start_with(|options| {
        // Schemathesis sends more requests than anybody may to the routes that are open to all.
        for limit in ["OpenRouteRate", "OpenRouteBurst"] {
            options.parameters.insert(limit.to_owned(), "5000".to_owned());
        }
    });
    let folder = tempfile::tempdir()?;
    let (config, report) = (folder.path().join("schemathesis.toml"), folder.path().join("report.json"));
    let (text, token) = settings::prepare(role, ids, &world);
    std::fs::write(&config, text)?;
    let (document, url) = match role {
        Role::Operator => {
            let committed = workspace::root().join("docs/api/operators.json");
            (committed.display().to_string(), world.operators_url().to_owned())
        }
        _ => (format!("{}/openapi.json", world.cloud().url()), world.cloud().url()),
    };
    let output = Command::new(program)
        .current_dir(folder.path())
        .envs(settings::signing(role, &world))
        .env("HYPOTHESIS_STORAGE_DIRECTORY", folder.path())
        .args(["--no-color", "--config-file"])
        .arg(&config)
        .args(["run", &document, "--url", &url])
        .args(["--seed", &seed.to_string(), "--max-examples", &examples.to_string()])
        .args(["--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure"])
        .args(["--report", "json", "--report-json-path"])
        .arg(&report)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let outcome =
        outcome((role, ids), &report).ok_or_else(|| FuzzError::NoResult { role, output: text.clone() })?;
    if outcome.failures > 0 {
        println!("{text}");
    } else if !output.status.success() {
        return Err(FuzzError::NoResult { role, output: text });
    }
    let all = operations(role);
    if outcome.operations != all {
        return Err(FuzzError::Incomplete { role, tested: outcome.operations, all });
    }
    // With an expired token, all responses would be documented refusals, and the run would have tested nothing else.
    match token.map(|token| world.anonymous().bearing(&token).get("/me").send().status) {
        None | Some(200) => Ok(outcome),
        Some(status) => Err(FuzzError::SignedOut { role, status }),
    }
}

/// How many are tested. Of the tenants' API, Schemathesis leaves out one.
fn operations(role: Role) -> u64 {
    let is_of =
        |of_operators: bool| move |operation: &&Operation| operation.is_of_operators() == of_operators;
    let count = |of_operators: bool| World::operations().iter().filter(is_of(of_operators)).count() as u64;
    match role {
        Role::Operator => count(true),
        _ => count(false) - 1,
    }
}

fn outcome((role, ids): (Role, Ids), report: &Path) -> Option<Outcome> {
    let report: Value = serde_json::from_slice(&std::fs::read(report).ok()?).ok()?;
    let cases = &report["test_cases"];
    Some(Outcome {
        role,
        ids,
        operations: report["operations"]["tested"].as_u64()?,
        cases: cases["generated"].as_u64()?,
        failures: cases["unique_failures"].as_u64()? + cases["errored"].as_u64().unwrap_or_default(),
    })
}
