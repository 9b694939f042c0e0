//! The template's parameters: their declarations, and the check of the given values.

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
    let declared = section.map_or(&[][..], |entry| entry.node.entries());
    let is_declared = |name: &&String| declared.iter().any(|entry| entry.key == **name);
    for name in given.keys().filter(|name| !is_declared(name)) {
        let line = section.map_or(0, |entry| entry.line);
        let problem = format!("the parameter {name} is given, but the template does not declare it.");
        report.refuse(name, line, problem, "mend the name, or leave it out.");
    }
    let value = |entry: &Entry| parameter(entry, given.get(&entry.key), report);
    declared.iter().map(|entry| (entry.key.clone(), value(entry))).collect()
}

struct Declaration {
    kind: String,
    default: Option<String>,
    pattern: Option<String>,
    values: Option<Vec<String>>,
    hidden: bool,
    rule: Option<String>,
}

fn parameter(entry: &Entry, given: Option<&String>, report: &Report<'_>) -> Parameter {
    let name = &entry.key;
    let declaration = Fields::read("a parameter", name, entry.line, &entry.node, report, Declaration::read);
    let Some(declaration) = declaration.flatten() else {
        return Parameter::Invalid;
    };
    let Some(value) = given.cloned().or_else(|| declaration.default.clone()) else {
        let remedy = format!("give it: --parameter {name}=<value>.");
        report.refuse(name, entry.line, "the parameter has no value and no default.", remedy);
        return Parameter::Invalid;
    };
    if let Err(broken) = declaration.check(&value) {
        let shown =
            if declaration.hidden { "the value".to_owned() } else { format!("the value \"{value}\"") };
        let allowed = declaration.rule.as_deref().unwrap_or("a value that the declaration allows");
        report.refuse(name, entry.line, format!("{shown} {broken}."), format!("give {allowed}."));
        return Parameter::Invalid;
    }
    match declaration.items(&value) {
        Some(items) => Parameter::List(items.into_iter().map(str::to_owned).collect()),
        None => Parameter::Text(value),
    }
}

impl Declaration {
    fn read(fields: &mut Fields<'_>) -> Option<Declaration> {
        fields.text("Description");
        let texts = |items: Vec<Node>| items.iter().filter_map(Node::as_text).map(str::to_owned).collect();
        let kind = fields.required_choice("Type", &["String", "Number", "CommaDelimitedList"]);
        let (default, pattern) = (fields.text("Default"), fields.text("AllowedPattern"));
        let values = fields.list("AllowedValues").map(texts);
        let hidden = fields.boolean("NoEcho").unwrap_or(false);
        let rule = fields.text("ConstraintDescription");
        Some(Declaration { kind: kind?, default, pattern, values, hidden, rule })
    }

    fn items<'v>(&self, value: &'v str) -> Option<Vec<&'v str>> {
        (self.kind == "CommaDelimitedList").then(|| value.split(',').map(str::trim).collect())
    }

    /// The error is worded to follow "the value".
    fn check(&self, value: &str) -> Result<(), String> {
        if self.kind == "Number" && !value.parse().is_ok_and(f64::is_finite) {
            return Err("is not a number".to_owned());
        }
        let items = self.items(value).unwrap_or_else(|| vec![value]);
        if let Some(values) = &self.values
            && !items.iter().all(|item| values.iter().any(|value| value == item))
        {
            return Err(format!("is not one of {}", values.join(", ")));
        }
        if let Some(pattern) = &self.pattern {
            // CloudFormation matches the whole value, even if the pattern is not anchored.
            let whole = Regex::new(&format!("^(?:{pattern})$"))
                .map_err(|error| format!("cannot be checked, since AllowedPattern is malformed: {error}"))?;
            if !items.iter().all(|item| whole.is_match(item)) {
                return Err(format!("does not match {pattern}"));
            }
        }
        Ok(())
    }
}
