//! Checks the form of policy documents. What they allow is not evaluated, but a malformed one would fail
//! a deployment, so it fails the start as well.

use super::fields::Fields;
use super::yaml::{Entry, Node, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A role's policy, which names resources and no principal.
    Identity,
    /// A role's trust policy, which names principals and no resource.
    Trust,
    /// A policy of a queue or a key, which names both.
    Resource,
}

#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) allows: bool,
    /// Pairs of kind and name, such as `Service` and `events.amazonaws.com`.
    pub(super) principals: Vec<(String, String)>,
    pub(super) actions: Vec<String>,
    pub(super) resources: Vec<String>,
    /// Triples of operator, key and values.
    pub(super) conditions: Vec<(String, String, Vec<String>)>,
}

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

pub(super) fn document(fields: &Fields<'_>, form: Form, entry: &Entry) -> Vec<Statement> {
    document_node(fields, form, entry.line, &entry.node)
}

pub(super) fn document_node(fields: &Fields<'_>, form: Form, line: usize, node: &Node) -> Vec<Statement> {
    let statements = fields.inner("a policy", line, node, |document| {
        document.required_choice("Version", &["2012-10-17"]);
        let line = document.line_of("Statement");
        match document.take("Statement").map(|entry| entry.node) {
            Some(Node { value: Value::List(items), .. }) => items,
            Some(single @ Node { value: Value::Map(_), .. }) => vec![single],
            _ => {
                document.refuse(
                    line,
                    "Statement is missing, or not a list.",
                    "add Statement, a list of what the policy allows.",
                );
                Vec::new()
            }
        }
    });
    let statements = statements.unwrap_or_default();
    statements
        .iter()
        .filter_map(|node| {
            fields.inner("a policy statement", node.line, node, |fields| statement(fields, form))
        })
        .collect()
}

fn statement(fields: &mut Fields<'_>, form: Form) -> Statement {
    fields.text("Sid");
    let effect = fields.required_choice("Effect", &["Allow", "Deny"]);
    let actions = one_or_more(fields, "Action");
    for action in actions.iter().filter(|action| *action != "*" && !action.contains(':')) {
        fields.refuse(
            fields.line,
            format!("Action {action} names no service."),
            "write it as service:Action.",
        );
    }
    let resources = if form == Form::Trust { Vec::new() } else { one_or_more(fields, "Resource") };
    let principals = if form == Form::Identity { Vec::new() } else { principals(fields) };
    let conditions = fields.take("Condition").map(|entry| conditions(fields, &entry)).unwrap_or_default();
    Statement { allows: effect.as_deref() == Some("Allow"), principals, actions, resources, conditions }
}

/// Takes a text or a list of texts.
fn one_or_more(fields: &mut Fields<'_>, key: &str) -> Vec<String> {
    let Some(entry) = fields.take(key) else {
        fields.refuse(fields.line, format!("{key} is missing."), format!("add {key}."));
        return Vec::new();
    };
    texts(&entry.node).unwrap_or_else(|| {
        fields.refuse(
            entry.line,
            format!("{key} is neither a text nor a list of texts."),
            "write one value, or a list of them.",
        );
        Vec::new()
    })
}

fn texts(node: &Node) -> Option<Vec<String>> {
    match &node.value {
        Value::Scalar { text, .. } => Some(vec![text.clone()]),
        Value::Invalid => Some(Vec::new()),
        Value::List(items) if !items.is_empty() => {
            let texts: Option<Vec<Vec<String>>> = items
                .iter()
                .map(|item| if matches!(item.value, Value::List(_)) { None } else { texts(item) })
                .collect();
            texts.map(|texts| texts.concat())
        }
        _ => None,
    }
}

fn principals(fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let Some(entry) = fields.take("Principal") else {
        fields.refuse(fields.line, "Principal is missing.", "add Principal: who may do this.");
        return Vec::new();
    };
    if entry.node.as_text() == Some("*") {
        return vec![("AWS".to_owned(), "*".to_owned())];
    }
    let mut principals = Vec::new();
    for kind in entry.node.entries() {
        match (kind.key.as_str(), texts(&kind.node)) {
            ("AWS" | "Service" | "Federated", Some(names)) => {
                principals.extend(names.into_iter().map(|name| (kind.key.clone(), name)))
            }
            (other, _) => fields.refuse(
                kind.line,
                format!("the principal {other} is malformed or unknown."),
                "use AWS, Service or Federated, with one name or a list.",
            ),
        }
    }
    if entry.node.entries().is_empty() && !matches!(entry.node.value, Value::Invalid) {
        fields.refuse(
            entry.line,
            "Principal is neither \"*\" nor a mapping.",
            "write Principal: {Service: name} or {AWS: arn}.",
        );
    }
    principals
}

fn conditions(fields: &Fields<'_>, entry: &Entry) -> Vec<(String, String, Vec<String>)> {
    let mut conditions = Vec::new();
    if entry.node.entries().is_empty() {
        fields.refuse(
            entry.line,
            "Condition is not a mapping of operators.",
            "write Condition: {Operator: {key: value}}.",
        );
    }
    for operator in entry.node.entries() {
        let name = operator
            .key
            .trim_start_matches("ForAllValues:")
            .trim_start_matches("ForAnyValue:")
            .trim_end_matches("IfExists");
        if !OPERATORS.contains(&name) {
            fields.refuse(
                operator.line,
                format!("the condition operator {} does not exist.", operator.key),
                "mend its name, such as StringEquals.",
            );
            continue;
        }
        for key in operator.node.entries() {
            match texts(&key.node) {
                Some(values) => conditions.push((operator.key.clone(), key.key.clone(), values)),
                None => fields.refuse(
                    key.line,
                    format!("the condition on {} has no value.", key.key),
                    "write one value, or a list of them.",
                ),
            }
        }
    }
    conditions
}
