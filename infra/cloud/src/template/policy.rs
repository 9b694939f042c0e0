//! Policy documents, which the crate `iam` reads. What it does not evaluate stops the start.

use std::sync::Arc;

use iam::{IdentityPolicy, ParseError, ResourceKind, ResourcePolicy};
use serde_json::{Value as Json, json};

use super::fields::Fields;
use super::yaml::{Node, Value};
use crate::model::ACCOUNT;

/// A policy of a role: what it may do.
pub(super) fn identity(fields: &Fields<'_>, name: &str, node: &Node) -> Option<Arc<IdentityPolicy>> {
    let parsed = IdentityPolicy::parse(name, &document(node)?);
    parsed.map(Arc::new).map_err(|error| refuse(fields, node, &error)).ok()
}

/// A policy of a queue, a key or a role: who may use it.
pub(super) fn resource(
    fields: &Fields<'_>,
    name: &str,
    kind: ResourceKind,
    node: &Node,
) -> Option<Arc<ResourcePolicy>> {
    let parsed = ResourcePolicy::parse(name, kind, &document(node)?);
    parsed.map(Arc::new).map_err(|error| refuse(fields, node, &error)).ok()
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
