//! `AWS::Serverless::Function`, after SAM's globals are merged in.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::{events, role};
use crate::model::Function;
use crate::template::draft::Draft;
use crate::template::fields::Fields;
use crate::template::identities::Identity;
use crate::template::paths;
use crate::template::yaml::Value;

/// Names that Lambda refuses to let a template set, and prefixes that the local cloud sets.
const RESERVED_VARIABLES: &[&str] = &[
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];
const RESERVED_PREFIXES: &[&str] = &["AWS_LAMBDA_", "AWS_ENDPOINT_URL"];

pub(super) fn function(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.text("FunctionName");
    fields.required_choice("Runtime", &["provided.al2023"]);
    let role_arn = role::of_function(fields, identity, draft);
    fields.note_without_effect("MemorySize");
    fields.note_without_effect("Description");
    fields.note_without_effect("RecursiveLoop");
    let function = Function {
        logical_id: fields.logical_id.to_owned(),
        name: identity.name.clone(),
        arn: identity.attribute("Arn"),
        role_arn,
        binary: binary(fields, &identity.home.directory).unwrap_or_default(),
        description: fields.text("Description").unwrap_or_default(),
        memory_mb: fields.number("MemorySize", 128..=10_240).unwrap_or(128),
        timeout: Duration::from_secs(fields.number("Timeout", 1..=900).unwrap_or(3).into()),
        reserved_concurrency: fields.number("ReservedConcurrentExecutions", 0..=1000),
        allows_recursive_loop: fields.choice("RecursiveLoop", &["Allow", "Terminate"]).as_deref()
            == Some("Allow"),
        environment: fields.map("Environment", environment).unwrap_or_default(),
        log_group: log_group(fields).unwrap_or_else(|| format!("/aws/lambda/{}", identity.name)),
        policy: None,
    };
    draft.stack.functions.push(function);
    events::events(fields, identity, draft);
}

fn log_group(fields: &mut Fields<'_>) -> Option<String> {
    let group = fields.map("LoggingConfig", |config| {
        config.choice("LogFormat", &["Text"]);
        config.text("LogGroup")
    });
    group.flatten()
}

/// `CodeUri` names the zip that a deploy uploads, relative to the template; its directory has the binary's name.
fn binary(fields: &mut Fields<'_>, directory: &Path) -> Option<String> {
    let line = fields.line_of("CodeUri");
    let code = fields.required_text("CodeUri")?;
    let binary = paths::inside(directory, &code).and_then(|path| {
        let binary = path.strip_prefix("target/lambda").ok()?.parent()?.to_str()?.to_owned();
        path.ends_with("bootstrap.zip").then_some(binary)
    });
    match binary.filter(|name| !name.is_empty() && !name.contains('/')) {
        Some(name) => Some(name),
        None => {
            let up = "../".repeat(directory.components().count());
            fields.refuse(
                line,
                format!("CodeUri {code} names no binary."),
                format!("write {up}target/lambda/<binary>/bootstrap.zip."),
            );
            None
        }
    }
}

fn environment(fields: &mut Fields<'_>) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for variable in fields.entries("Variables") {
        let name = &variable.key;
        let reserved = RESERVED_VARIABLES.contains(&name.as_str())
            || RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        let well_formed = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if reserved {
            fields.refuse(
                variable.line,
                format!("the variable {name} is reserved."),
                "choose another name: Lambda sets this one itself.",
            );
        } else if !well_formed {
            fields.refuse(
                variable.line,
                format!("the variable {name} is not a name that Lambda takes."),
                "use a letter, then letters, digits and _.",
            );
        }
        match (&variable.node.value, variable.node.as_text()) {
            (_, Some(value)) => drop(variables.insert(name.clone(), value.to_owned())),
            (Value::Invalid, _) => {}
            _ => {
                fields.refuse(variable.line, format!("the variable {name} is not text."), "write one value.")
            }
        }
    }
    variables
}
