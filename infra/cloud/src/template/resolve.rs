//! Resolves intrinsic functions: every reference becomes the value that it has in the local cloud.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::conditions::Conditions;
use super::identities::{Home, Identity};
use super::outputs::{Output, Outputs};
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
pub(super) struct Scope<'f> {
    pub(super) home: Rc<Home>,
    pub(super) parameters: BTreeMap<String, Parameter>,
    pub(super) conditions: Conditions,
    /// The logical ids of all resources, with those of functions' roles.
    pub(super) declared: BTreeSet<String>,
    /// The logical ids of those that are not made, since their conditions are not met.
    pub(super) absent: BTreeSet<String>,
    pub(super) identities: BTreeMap<String, Identity>,
    pub(super) report: Report<'f>,
}

/// Why a name has no value.
pub(super) enum Failure {
    /// The problem has been reported already.
    Known,
    NoValue,
    Refused {
        problem: String,
        remedy: String,
    },
}

pub(super) fn refused(problem: String, remedy: &str) -> Failure {
    Failure::Refused { problem, remedy: remedy.to_owned() }
}

impl Failure {
    pub(super) fn unknown(name: &str) -> Failure {
        refused(
            format!("{name} is neither a parameter nor a resource of this template."),
            "mend the name, or declare what it means.",
        )
    }
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
            Value::Intrinsic { name, argument } if name == "If" => return self.choose(owner, line, argument),
            Value::Intrinsic { name, argument } => match self.intrinsic(owner, name, argument) {
                Ok(value) => placed(value, line),
                Err(failure) => return self.failed(owner, line, failure),
            },
            other => other.clone(),
        };
        Some(Node { line, value })
    }

    /// Reports a failure once, and answers what stands for the value.
    pub(super) fn failed(&self, owner: &str, line: usize, failure: Failure) -> Option<Node> {
        match failure {
            Failure::NoValue => return None,
            Failure::Known => {}
            Failure::Refused { problem, remedy } => self.report.refuse(owner, line, problem, remedy),
        }
        Some(Node::invalid(line))
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
                "use !Ref, !GetAtt, !Sub, !Join or !If.",
            )),
        }
    }

    pub(super) fn reference(&self, name: &str) -> Result<Value, Failure> {
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
        if self.absent.contains(name) {
            let remedy = "refer to it in an !If of its condition alone.";
            return Err(refused(format!("{name} is not made, since its condition is not met."), remedy));
        }
        match self.identities.get(name) {
            Some(identity) if !identity.refused => Ok(identity),
            // Its name could not be told, for a reason that has been reported.
            None if !self.declared.contains(name) => Err(Failure::unknown(name)),
            _ => Err(Failure::Known),
        }
    }

    fn pseudo_parameter(&self, name: &str) -> Result<String, Failure> {
        Ok(match name {
            "AccountId" => ACCOUNT.to_owned(),
            "Partition" => "aws".to_owned(),
            "Region" => REGION.to_owned(),
            "StackName" => self.home.stack.clone(),
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

    pub(super) fn attribute(&self, name: &str, attribute: &str) -> Result<String, Failure> {
        let identity = self.identity(name)?;
        if let (Some(outputs), Some(output)) = (&identity.outputs, attribute.strip_prefix("Outputs.")) {
            return output_of(name, outputs, output);
        }
        let known = identity.attributes.iter().find(|(key, _)| *key == attribute);
        known.map(|(_, value)| value.clone()).ok_or_else(|| {
            let outputs =
                identity.outputs.iter().flat_map(Outputs::keys).map(|name| format!("Outputs.{name}"));
            let own = identity.attributes.iter().map(|(key, _)| (*key).to_owned());
            let names: Vec<String> = own.chain(outputs).collect();
            let remedy = if names.is_empty() {
                "it has no attributes here.".to_owned()
            } else {
                format!("use one of: {}.", names.join(", "))
            };
            Failure::Refused { problem: format!("{name} has no attribute {attribute}."), remedy }
        })
    }
}

fn output_of(stack: &str, outputs: &Outputs, name: &str) -> Result<String, Failure> {
    match outputs.get(name) {
        Some(Output::Value(value)) => Ok(value.clone()),
        Some(Output::Invalid) => Err(Failure::Known),
        Some(Output::Absent) => Err(refused(
            format!("{stack} has no output {name}, since its condition is not met."),
            "give it the same condition as what refers to it.",
        )),
        None => {
            let names: Vec<&str> = outputs.keys().map(String::as_str).collect();
            let remedy = match names.as_slice() {
                [] => "declare it in the Outputs of the nested template.".to_owned(),
                names => format!("declare it in the nested template, or use one of: {}.", names.join(", ")),
            };
            Err(Failure::Refused { problem: format!("{stack} has no output {name}."), remedy })
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

pub(super) fn malformed(function: &str) -> Failure {
    let remedy = match function {
        "Ref" => "write `!Ref Name`.",
        "GetAtt" => "write `!GetAtt Name.Attribute`.",
        "If" => "write `!If [Condition, value, other value]`.",
        "Sub" => "write `!Sub \"text ${Name}\"`, or a list of that text and a map of its variables.",
        _ => "write `!Join [separator, [item, item]]`.",
    };
    refused(format!("this {function} is malformed."), remedy)
}
