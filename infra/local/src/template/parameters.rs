//! The template's parameters: declared, given, checked.

use std::collections::BTreeMap;

use regex_lite::Regex;

use super::fields::Fields;
use super::refusal::Report;
use super::resolve::Parameter;
use super::yaml::{Entry, Node};

pub(super) fn read(
    section: Option<&Entry>,
    given: &BTreeMap<String, String>,
    report: &Report<'_>,
) -> BTreeMap<String, Parameter> {
    let declared = section
        .map(|entry| entry.node.entries())
        .unwrap_or_default();
    for name in given
        .keys()
        .filter(|name| !declared.iter().any(|entry| &entry.key == *name))
    {
        let line = section.map_or(0, |entry| entry.line);
        report.refuse(
            name,
            line,
            format!("the parameter {name} is given, but the template does not declare it."),
            "mend the name, or leave it out.",
        );
    }
    declared
        .iter()
        .map(|entry| {
            (
                entry.key.clone(),
                parameter(entry, given.get(&entry.key), report),
            )
        })
        .collect()
}

fn parameter(entry: &Entry, given: Option<&String>, report: &Report<'_>) -> Parameter {
    let declaration = Fields::read(
        "Parameter",
        &entry.key,
        entry.line,
        &entry.node,
        report,
        |fields| Declaration {
            kind: fields.required_choice("Type", &["String", "Number", "CommaDelimitedList"]),
            default: fields.text("Default"),
            pattern: fields.text("AllowedPattern"),
            values: fields.list("AllowedValues").map(|items| {
                items
                    .iter()
                    .filter_map(Node::as_text)
                    .map(str::to_owned)
                    .collect()
            }),
            hidden: fields.boolean("NoEcho").unwrap_or(false),
            rule: fields.text("ConstraintDescription"),
            _description: fields.text("Description"),
        },
    );
    let Some(declaration) = declaration else {
        return Parameter::Invalid;
    };
    let Some(value) = given.cloned().or_else(|| declaration.default.clone()) else {
        let remedy = format!("give it: --parameter {}=<value>.", entry.key);
        report.refuse(
            &entry.key,
            entry.line,
            "the parameter has no value and no default.",
            remedy,
        );
        return Parameter::Invalid;
    };
    match declaration.check(&value) {
        Ok(()) if declaration.kind.as_deref() == Some("CommaDelimitedList") => Parameter::List(
            value
                .split(',')
                .map(|item| item.trim().to_owned())
                .collect(),
        ),
        Ok(()) if declaration.kind.is_some() => Parameter::Text(value),
        Ok(()) => Parameter::Invalid,
        Err(rule) => {
            let shown = if declaration.hidden {
                "the value".to_owned()
            } else {
                format!("the value \"{value}\"")
            };
            let remedy = declaration.rule.map_or_else(
                || "give a value that the declaration allows.".to_owned(),
                |rule| format!("give {rule}."),
            );
            report.refuse(&entry.key, entry.line, format!("{shown} {rule}."), remedy);
            Parameter::Invalid
        }
    }
}

struct Declaration {
    kind: Option<String>,
    default: Option<String>,
    pattern: Option<String>,
    values: Option<Vec<String>>,
    hidden: bool,
    rule: Option<String>,
    _description: Option<String>,
}

impl Declaration {
    fn check(&self, value: &str) -> Result<(), String> {
        let items: Vec<&str> = match self.kind.as_deref() {
            Some("CommaDelimitedList") => value.split(',').map(str::trim).collect(),
            _ => vec![value],
        };
        if self.kind.as_deref() == Some("Number") && value.parse::<f64>().is_err() {
            return Err("is not a number".to_owned());
        }
        if let Some(values) = &self.values
            && !items
                .iter()
                .all(|item| values.iter().any(|value| value == item))
        {
            return Err(format!("is not one of {}", values.join(", ")));
        }
        if let Some(pattern) = &self.pattern {
            // CloudFormation matches the whole value, anchored or not.
            let whole = Regex::new(&format!("^(?:{pattern})$")).map_err(|error| {
                format!("cannot be checked, since AllowedPattern is malformed: {error}")
            })?;
            if !items.iter().all(|item| whole.is_match(item)) {
                return Err(format!("does not match {pattern}"));
            }
        }
        Ok(())
    }
}
