//! Policy documents, which the crate `iam` reads. What it does not evaluate stops the start.

use std::collections::BTreeSet;
use std::sync::Arc;

use iam::{IdentityPolicy, ParseError, ResourceKind, ResourcePolicy};
use serde_json::{Value as Json, json};

use super::fields::Fields;
use super::keys::Filled;
use super::yaml::{Node, Value};
use crate::model::ACCOUNT;

/// Which resource a policy is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Role,
    Table,
    Queue,
    Key,
}

/// A policy of a role: what it may do.
pub(super) fn identity(fields: &Fields<'_>, name: &str, node: &Node) -> Option<Arc<IdentityPolicy>> {
    let policy = IdentityPolicy::parse(name, &document(node)?);
    let policy = policy.map_err(|error| refuse(fields, node, &error)).ok()?;
    fills(fields, node, Filled::Identity, &policy.keys()).then(|| Arc::new(policy))
}

/// A policy of a resource: who may use it.
pub(super) fn resource(fields: &Fields<'_>, name: &str, of: Of, node: &Node) -> Option<Arc<ResourcePolicy>> {
    let (kind, filled) = match of {
        Of::Role => (ResourceKind::Role, Filled::Trust),
        Of::Table => (ResourceKind::Ordinary, Filled::Table),
        Of::Queue => (ResourceKind::Ordinary, Filled::Queue),
        Of::Key => (ResourceKind::Key, Filled::Key),
    };
    let policy = ResourcePolicy::parse(name, kind, &document(node)?);
    let policy = policy.map_err(|error| refuse(fields, node, &error)).ok()?;
    fills(fields, node, filled, &policy.keys()).then(|| Arc::new(policy))
}

/// Refuses a policy that asks for what nothing here fills in.
fn fills(fields: &Fields<'_>, node: &Node, filled: Filled, keys: &BTreeSet<&str>) -> bool {
    let Some(key) = filled.lacks(keys) else { return true };
    let line = line_of(node, key).unwrap_or(node.line);
    let problem = format!("the policy asks for {key}, which nothing fills in here.");
    fields.refuse(line, problem, "decide by another key: without a value, the decision would not be AWS's.");
    false
}

/// Where a condition or a variable names the key.
fn line_of(node: &Node, key: &str) -> Option<usize> {
    let names = |text: &str| text.to_ascii_lowercase().contains(key);
    match &node.value {
        Value::Scalar { text, .. } => names(text).then_some(node.line),
        Value::List(items) => items.iter().find_map(|item| line_of(item, key)),
        Value::Map(entries) => entries
            .iter()
            .find_map(|entry| if names(&entry.key) { Some(entry.line) } else { line_of(&entry.node, key) }),
        _ => None,
    }
}

/// What KMS gives a key without a policy: the account decides by the policies of its principals.
pub(super) fn default_of_key(name: &str) -> Option<Arc<ResourcePolicy>> {
    let account = format!("arn:aws:iam::{ACCOUNT}:root");
    let statement =
        json!({ "Effect": "Allow", "Principal": { "AWS": account }, "Action": "kms:*", "Resource": "*" });
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    ResourcePolicy::parse(name, ResourceKind::Key, &document).map(Arc::new).ok()
}

fn refuse(fields: &Fields<'_>, node: &Node, ParseError { place, problem, .. }: &ParseError) {
    let line = statement(node, place).map_or(node.line, |statement| statement.line);
    fields.refuse(line, format!("the policy's {place}: {problem}."), "mend the policy.");
}

/// The statement that an error is about, by its `Sid` or its position.
fn statement<'n>(node: &'n Node, place: &str) -> Option<&'n Node> {
    let statements = match &node.get("Statement")?.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node.get("Statement")?],
    };
    let named = place.strip_prefix("statement ")?;
    let by_sid = statements.iter().find(|node| node.get("Sid").and_then(Node::as_text) == Some(named));
    let by_position = || statements.get(named.parse::<usize>().ok()?.checked_sub(1)?);
    by_sid.or_else(by_position).copied()
}

/// `None` if a part was refused before. IAM compares texts, so every scalar is one.
fn document(node: &Node) -> Option<Json> {
    Some(match &node.value {
        Value::Null => Json::Null,
        Value::Scalar { text, .. } => text.as_str().into(),
        Value::List(items) => items.iter().map(document).collect::<Option<Vec<_>>>()?.into(),
        Value::Map(entries) => {
            let members = entries.iter().map(|entry| Some((entry.key.clone(), document(&entry.node)?)));
            members.collect::<Option<serde_json::Map<_, _>>>()?.into()
        }
        Value::Intrinsic { .. } | Value::Invalid => return None,
    })
}
