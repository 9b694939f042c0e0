//! Resolves intrinsic functions: every reference becomes the value that it has in the local cloud.

use std::collections::BTreeMap;

use super::identities::Identity;
use super::refusal::Report;
use super::yaml::{Entry, Node, Value};
use crate::model::{ACCOUNT, REGION};

#[derive(Debug, Clone)]
pub(super) enum Parameter {
    Text(String),
    List(Vec<String>),
    /// The value has been refused already.
    Invalid,
}

/// The names that one template's references may use.
pub(super) struct Scope<'r> {
    pub(super) stack_name: String,
    pub(super) parameters: BTreeMap<String, Parameter>,
    pub(super) identities: BTreeMap<String, Identity>,
    pub(super) report: &'r Report<'r>,
}

/// Why a name has no value.
enum Failure {
    /// The problem has been reported already.
    Known,
    NoValue,
    Refused {
        problem: String,
        remedy: String,
    },
}

fn refused(problem: String, remedy: &str) -> Failure {
    Failure::Refused { problem, remedy: remedy.to_owned() }
}

impl Scope<'_> {
    /// The node with every intrinsic replaced; `None` for `!Ref AWS::NoValue`.
    pub(super) fn resolve(&self, owner: &str, node: &Node) -> Option<Node> {
        let line = node.line;
        let value = match &node.value {
            Value::List(items) => {
                Value::List(items.iter().filter_map(|item| self.resolve(owner, item)).collect())
            }
            Value::Map(entries) => {
                Value::Map(entries.iter().filter_map(|entry| self.entry(owner, entry)).collect())
            }
            Value::Intrinsic { name, argument } => match self.intrinsic(owner, name, argument) {
                Ok(value) => placed(value, line),
                Err(Failure::NoValue) => return None,
                Err(Failure::Known) => Value::Invalid,
                Err(Failure::Refused { problem, remedy }) => {
                    self.report.refuse(owner, line, problem, remedy);
                    Value::Invalid
                }
            },
            other => other.clone(),
        };
        Some(Node { line, value })
    }

    fn entry(&self, owner: &str, entry: &Entry) -> Option<Entry> {
        let node = self.resolve(owner, &entry.node)?;
        Some(Entry { key: entry.key.clone(), line: entry.line, node })
    }

    fn intrinsic(&self, owner: &str, name: &str, argument: &Node) -> Result<Value, Failure> {
        match name {
            "Ref" => self.reference(argument.as_text().ok_or_else(|| malformed("Ref"))?),
            "GetAtt" => self.attribute_of(argument).map(text),
            "Sub" => self.substitute(owner, argument).map(text),
            "Join" => self.join(owner, argument).map(text),
            other => Err(refused(
                format!("the intrinsic function {other} is not supported."),
                "use !Ref, !GetAtt, !Sub or !Join.",
            )),
        }
    }

    fn reference(&self, name: &str) -> Result<Value, Failure> {
        if let Some(pseudo) = name.strip_prefix("AWS::") {
            return self.pseudo_parameter(pseudo).map(text);
        }
        if let Some(parameter) = self.parameters.get(name) {
            return match parameter {
                Parameter::Text(value) => Ok(text(value.clone())),
                Parameter::List(values) => {
                    Ok(Value::List(values.iter().map(|value| Node::text(0, value)).collect()))
                }
                Parameter::Invalid => Err(Failure::Known),
            };
        }
        self.identity(name).map(|identity| text(identity.reference.clone()))
    }

    fn identity(&self, name: &str) -> Result<&Identity, Failure> {
        let identity = self.identities.get(name).ok_or_else(|| {
            refused(
                format!("{name} is neither a parameter nor a resource of this template."),
                "mend the name, or declare what it means.",
            )
        })?;
        if identity.refused { Err(Failure::Known) } else { Ok(identity) }
    }

    fn pseudo_parameter(&self, name: &str) -> Result<String, Failure> {
        Ok(match name {
            "AccountId" => ACCOUNT.to_owned(),
            "Partition" => "aws".to_owned(),
            "Region" => REGION.to_owned(),
            "StackName" => self.stack_name.clone(),
            "URLSuffix" => "amazonaws.com".to_owned(),
            "NoValue" => return Err(Failure::NoValue),
            other => {
                let remedy = "use AccountId, NoValue, Partition, Region, StackName or URLSuffix.";
                return Err(refused(format!("the pseudo parameter AWS::{other} is not supported."), remedy));
            }
        })
    }

    fn attribute_of(&self, argument: &Node) -> Result<String, Failure> {
        match &argument.value {
            Value::Scalar { text, .. } => {
                let (name, attribute) = text.split_once('.').ok_or_else(|| malformed("GetAtt"))?;
                self.attribute(name, attribute)
            }
            Value::List(parts) => match parts.as_slice() {
                [name, attribute] => {
                    let part =
                        |node: &'_ Node| node.as_text().map(str::to_owned).ok_or_else(|| malformed("GetAtt"));
                    self.attribute(&part(name)?, &part(attribute)?)
                }
                _ => Err(malformed("GetAtt")),
            },
            _ => Err(malformed("GetAtt")),
        }
    }

    fn attribute(&self, name: &str, attribute: &str) -> Result<String, Failure> {
        let identity = self.identity(name)?;
        let known = identity.attributes.iter().find(|(key, _)| *key == attribute);
        known.map(|(_, value)| value.clone()).ok_or_else(|| {
            let names: Vec<&str> = identity.attributes.iter().map(|(key, _)| *key).collect();
            let remedy = if names.is_empty() {
                "it has no attributes here.".to_owned()
            } else {
                format!("use one of: {}.", names.join(", "))
            };
            Failure::Refused { problem: format!("{name} has no attribute {attribute}."), remedy }
        })
    }

    fn substitute(&self, owner: &str, argument: &Node) -> Result<String, Failure> {
        let mut own = BTreeMap::new();
        let template = match &argument.value {
            Value::Scalar { text, .. } => text,
            Value::List(parts) => {
                let [template, variables] = parts.as_slice() else {
                    return Err(malformed("Sub"));
                };
                for entry in variables.entries() {
                    let value = self.resolve(owner, &entry.node).ok_or(Failure::NoValue)?;
                    own.insert(entry.key.as_str(), scalar(&value, "Sub")?);
                }
                template.as_text().ok_or_else(|| malformed("Sub"))?
            }
            _ => return Err(malformed("Sub")),
        };
        self.fill(template, &own)
    }

    fn fill(&self, template: &str, own: &BTreeMap<&str, String>) -> Result<String, Failure> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| malformed("Sub"))?;
            filled.push_str(before);
            match name.strip_prefix('!') {
                Some(literal) => filled.push_str(&format!("${{{literal}}}")),
                None => filled.push_str(&self.variable(name.trim(), own)?),
            }
            rest = after;
        }
        Ok(filled + rest)
    }

    fn variable(&self, name: &str, own: &BTreeMap<&str, String>) -> Result<String, Failure> {
        if let Some(value) = own.get(name) {
            return Ok(value.clone());
        }
        match name.split_once('.') {
            Some((resource, attribute)) => self.attribute(resource, attribute),
            None => match self.reference(name)? {
                Value::Scalar { text, .. } => Ok(text),
                _ => Err(refused(
                    format!("{name} is a list, and !Sub takes text."),
                    "join the list with !Join first.",
                )),
            },
        }
    }

    fn join(&self, owner: &str, argument: &Node) -> Result<String, Failure> {
        let Value::List(parts) = &argument.value else {
            return Err(malformed("Join"));
        };
        let [separator, items] = parts.as_slice() else {
            return Err(malformed("Join"));
        };
        let separator = separator.as_text().ok_or_else(|| malformed("Join"))?;
        let items = self.resolve(owner, items).ok_or(Failure::NoValue)?;
        match items.value {
            Value::List(items) => Ok(items
                .iter()
                .map(|item| scalar(item, "Join"))
                .collect::<Result<Vec<_>, _>>()?
                .join(separator)),
            Value::Invalid => Err(Failure::Known),
            _ => Err(malformed("Join")),
        }
    }
}

/// Gives the items of a list parameter the line on which the list is used.
fn placed(value: Value, line: usize) -> Value {
    match value {
        Value::List(items) => Value::List(items.into_iter().map(|item| Node { line, ..item }).collect()),
        other => other,
    }
}

fn text(text: String) -> Value {
    Value::Scalar { text, plain: false }
}

fn scalar(node: &Node, function: &str) -> Result<String, Failure> {
    match &node.value {
        Value::Scalar { text, .. } => Ok(text.clone()),
        Value::Invalid => Err(Failure::Known),
        _ => Err(malformed(function)),
    }
}

fn malformed(function: &str) -> Failure {
    let remedy = match function {
        "Ref" => "write `!Ref Name`.",
        "GetAtt" => "write `!GetAtt Name.Attribute`.",
        "Sub" => "write `!Sub \"text ${Name}\"`, or a list of that text and a map of its variables.",
        _ => "write `!Join [separator, [item, item]]`.",
    };
    refused(format!("this {function} is malformed."), remedy)
}
