//! One run of Schemathesis for each role, against a cloud of its own that holds something to find.

use std::fmt;
use std::path::Path;
use std::process::Command;

use client::{eventually, id};
use serde_json::Value;

use crate::world::OPERATOR_KEY;
use crate::{World, workspace};

#[derive(Debug, Clone, Copy)]
pub enum Role {
    Anyone,
    Operator,
    Member,
    Admin,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Anyone, Role::Operator, Role::Member, Role::Admin];
}

/// Which ids stand in the paths of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    /// Those of things that exist: commands do something.
    Known,
    /// Made up by the document's patterns: nothing is found.
    MadeUp,
}

impl Role {
    /// Who is signed in is judged with both.
    pub fn ids(self) -> &'static [Ids] {
        match self {
            Role::Anyone | Role::Operator => &[Ids::MadeUp],
            Role::Member | Role::Admin => &[Ids::Known, Ids::MadeUp],
        }
    }
}

pub struct Verdict {
    role: Role,
    ids: Ids,
    operations: u64,
    cases: u64,
    pub failures: u64,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verdict { role, ids, operations, cases, failures } = self;
        let who = format!("{role:?}, {ids:?}");
        write!(f, "{who:<16} {operations:>3} operations {cases:>6} cases {failures:>3} failures")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    #[error("{0} is missing; make contract-test installs it")]
    Missing(String),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{tested} of {all} operations were tested as {role:?}")]
    Incomplete { role: Role, tested: u64, all: u64 },
    #[error("the session of {role:?} did not last as long as the run")]
    SignedOut { role: Role },
    #[error("Schemathesis came to no verdict as {role:?}:\n{output}")]
    NoVerdict { role: Role, output: String },
}

pub fn judge(role: Role, ids: Ids, examples: u64, seed: u64) -> Result<Verdict, JudgeError> {
    let program = workspace::root().join(".venv/bin/schemathesis");
    if !program.is_file() {
        return Err(JudgeError::Missing(program.display().to_string()));
    }
    let world = World::start();
    let folder = tempfile::tempdir()?;
    let (settings, report) = (folder.path().join("schemathesis.toml"), folder.path().join("report.json"));
    let (text, token) = settings_of(role, ids, &world);
    std::fs::write(&settings, text)?;
    let output = Command::new(program)
        .current_dir(folder.path())
        .env("HYPOTHESIS_STORAGE_DIRECTORY", folder.path())
        .args(["--no-color", "--config-file"])
        .arg(&settings)
        .args(["run", &format!("{}/openapi.json", world.cloud().url())])
        .args(["--seed", &seed.to_string(), "--max-examples", &examples.to_string()])
        .args(["--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure"])
        .args(["--report", "json", "--report-json-path"])
        .arg(&report)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let verdict =
        verdict((role, ids), &report).ok_or_else(|| JudgeError::NoVerdict { role, output: text.clone() })?;
    if verdict.failures > 0 {
        println!("{text}");
    } else if !output.status.success() {
        return Err(JudgeError::NoVerdict { role, output: text });
    }
    let all = if matches!(role, Role::Operator) { 1 } else { World::operations().len() as u64 - 1 };
    if verdict.operations != all {
        return Err(JudgeError::Incomplete { role, tested: verdict.operations, all });
    }
    // An answer to a token that has ended would be as documented, and show nothing.
    match token.map(|token| world.anonymous().bearing(&token).get("/me").send().status) {
        None | Some(200) => Ok(verdict),
        Some(_) => Err(JudgeError::SignedOut { role }),
    }
}

fn verdict((role, ids): (Role, Ids), report: &Path) -> Option<Verdict> {
    let report: Value = serde_json::from_slice(&std::fs::read(report).ok()?).ok()?;
    let cases = &report["test_cases"];
    Some(Verdict {
        role,
        ids,
        operations: report["operations"]["tested"].as_u64()?,
        cases: cases["generated"].as_u64()?,
        failures: cases["unique_failures"].as_u64()? + cases["errored"].as_u64().unwrap_or_default(),
    })
}

const SETTINGS: &str = r#"
[cache]
enabled = false

[generation]
database = "none"

[warnings]
fail-on = ["unsupported_regex", "unresolvable_reference"]

# API Gateway answers 404 to a method that a path does not have, and nobody can change that.
[checks.unsupported_method]
enabled = false

# What the document calls valid can still break a rule of the state, such as an id that nothing has.
[checks.positive_data_acceptance]
enabled = false

[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 409, 412, 413, 415, 422, 428]

[checks.missing_required_header]
expected-statuses = [400, 401, 403, 422, 428]

[phases.coverage]
unexpected-methods = []
"#;

/// Signed in as the role, in a tenant that has something of everything: half of the value is behind ids that exist.
fn settings_of(role: Role, ids: Ids, world: &World) -> (String, Option<String>) {
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let order = member.place_order(&product, 2);
    tenant.settled_order();
    let notification =
        eventually("a notification arrives", || tenant.admin.notifications()["items"].get(0).cloned());
    let token = match role {
        Role::Anyone | Role::Operator => None,
        Role::Member => Some(member.token.clone()),
        Role::Admin => Some(tenant.token.clone()),
    };
    let headers = match (role, &token) {
        (Role::Operator, _) => format!("headers = {{ x-operator-key = \"{OPERATOR_KEY}\" }}\n"),
        (_, Some(token)) => {
            let tenant = &tenant.id;
            format!("headers = {{ Authorization = \"Bearer {token}\", x-tenant-id = \"{tenant}\" }}\n")
        }
        (_, None) => String::new(),
    };
    let known = [
        ("^/products/\\\\{id\\\\}", id(&product)),
        ("^/orders/\\\\{id\\\\}", id(&order)),
        ("^/users/\\\\{id\\\\}", member.id.as_str()),
        ("^/notifications/\\\\{id\\\\}", id(&notification)),
    ];
    let known = known.map(|(paths, id)| {
        format!(
            "\n[[operations]]\ninclude-path-regex = \"{paths}\"\nparameters = {{ \"path.id\" = \"{id}\" }}\n"
        )
    });
    let only = match role {
        Role::Operator => "\n[[operations]]\nexclude-path = \"/tenants\"\nenabled = false\n",
        _ => "",
    };
    let known = if ids == Ids::Known { known.concat() } else { String::new() };
    (format!("{headers}{SETTINGS}{known}{only}"), token)
}
