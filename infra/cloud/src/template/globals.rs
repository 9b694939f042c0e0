//! SAM's `Globals`, and their merge into a function's properties by SAM's rules.

use super::refusal::Report;
use super::yaml::{Entry, Node, Value};

/// The supported properties of a function that `Globals.Function` may set.
const ALLOWED: &[&str] = &[
    "Architectures",
    "AssumeRolePolicyDocument",
    "CodeUri",
    "Description",
    "Environment",
    "Handler",
    "LoggingConfig",
    "MemorySize",
    "PermissionsBoundary",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "RolePath",
    "Runtime",
    "Tags",
    "Timeout",
    "Tracing",
];

/// Reads the properties of `Globals.Function`, and refuses those that are not supported.
pub(super) fn read(section: Option<&Entry>, report: &Report<'_>) -> Vec<Entry> {
    let mut globals = Vec::new();
    for kind in section.map(|section| section.node.entries()).unwrap_or_default() {
        if kind.key != "Function" {
            let problem = format!("Globals.{} is not supported.", kind.key);
            report.refuse(
                "Globals",
                kind.line,
                problem,
                "write these properties into the resources themselves.",
            );
            continue;
        }
        for property in kind.node.entries() {
            if ALLOWED.contains(&property.key.as_str()) {
                globals.push(property.clone());
            } else {
                let problem = format!("Globals.Function.{} is not supported.", property.key);
                report.refuse(
                    "Globals",
                    property.line,
                    problem,
                    format!("write it into the functions, or use one of: {}.", ALLOWED.join(", ")),
                );
            }
        }
    }
    globals
}

/// Mappings merge key by key, lists are joined with the global one first, and of two values the
/// function's own wins.
pub(super) fn merge(globals: &[Entry], own: &[Entry]) -> Vec<Entry> {
    let mut merged: Vec<Entry> = own.to_vec();
    for global in globals {
        match merged.iter_mut().find(|entry| entry.key == global.key) {
            None => merged.push(global.clone()),
            Some(entry) => entry.node = merge_nodes(&global.node, &entry.node),
        }
    }
    merged
}

fn merge_nodes(global: &Node, own: &Node) -> Node {
    let value = match (&global.value, &own.value) {
        (Value::Map(global), Value::Map(own)) => Value::Map(merge(global, own)),
        (Value::List(global), Value::List(own)) => Value::List(global.iter().chain(own).cloned().collect()),
        (_, own) => own.clone(),
    };
    Node { line: own.line, value }
}
