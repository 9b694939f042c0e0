//! The template's parameters: their declarations, and the check of the given values.

use std::collections::BTreeMap;

use regex_lite::Regex;

use super::fields::Fields;
use super::refusal::Report;
use super::resolve::Parameter;
use super::yaml::{Entry, Node};

/// The values of a template's parameters.
pub(super) struct Given<'f> {
    pub(super) values: BTreeMap<String, Argument>,
    /// Who gives them, if it is not the program.
    pub(super) giver: Option<Giver<'f>>,
}

pub(super) struct Argument {
    /// `None` if the value was refused already.
    pub(super) text: Option<String>,
    pub(super) line: usize,
}

/// The resource of another template that nests this one.
pub(super) struct Giver<'f> {
    pub(super) report: Report<'f>,
    pub(super) logical_id: String,
    /// That of its `Parameters`, or its own if it has none.
    pub(super) line: usize,
}

impl Given<'_> {
    pub(super) fn by_program(values: &BTreeMap<String, String>) -> Given<'_> {
        let argument = |text: &String| Argument { text: Some(text.clone()), line: 0 };
        let values = values.iter().map(|(name, text)| (name.clone(), argument(text))).collect();
        Given { values, giver: None }
    }

    /// Refuses a parameter where it is given, or where it should be; what the program gives, on this line of the
    /// declarations.
    fn refuse(&self, name: &str, line: usize, report: &Report<'_>, problem: &str, remedy: &str) {
        match &self.giver {
            None => report.refuse(name, line, format!("the {problem}"), remedy),
            Some(Giver { report: parent, logical_id, line }) => {
                let line = self.values.get(name).map_or(*line, |argument| argument.line);
                let problem = format!("{}'s {name}: the {problem}", report.file_name());
                parent.refuse(logical_id, line, problem, remedy);
            }
        }
    }
}

pub(super) fn read(
    section: Option<&Entry>,
    given: &Given<'_>,
    report: &Report<'_>,
) -> BTreeMap<String, Parameter> {
    let declared = section.map_or(&[][..], |entry| entry.node.entries());
    let is_declared = |name: &&String| declared.iter().any(|entry| entry.key == **name);
    for name in given.values.keys().filter(|name| !is_declared(name)) {
        let line = section.map_or(0, |entry| entry.line);
        let problem = format!("parameter {name} is given, but the template does not declare it.");
        given.refuse(name, line, report, &problem, "mend the name, or leave it out.");
    }
    declared.iter().map(|entry| (entry.key.clone(), parameter(entry, given, report))).collect()
}

struct Declaration {
    kind: String,
    default: Option<String>,
    pattern: Option<String>,
    values: Option<Vec<String>>,
    hidden: bool,
    rule: Option<String>,
}

fn parameter(entry: &Entry, given: &Given<'_>, report: &Report<'_>) -> Parameter {
    let name = &entry.key;
    let declaration = Fields::read("a parameter", name, entry.line, &entry.node, report, Declaration::read);
    let Some(declaration) = declaration.flatten() else {
        return Parameter::Invalid;
    };
    let refuse = |problem: &str, remedy: &str| {
        given.refuse(name, entry.line, report, problem, remedy);
        Parameter::Invalid
    };
    let value = match (given.values.get(name), &declaration.default) {
        (Some(Argument { text: None, .. }), _) => return Parameter::Invalid,
        (Some(Argument { text: Some(text), .. }), _) | (None, Some(text)) => text,
        (None, None) => {
            let remedy = match &given.giver {
                None => format!("give it: --parameter {name}=<value>."),
                Some(giver) => format!("give it in the Parameters of {}.", giver.logical_id),
            };
            return refuse("parameter has no value and no default.", &remedy);
        }
    };
    if let Err(broken) = declaration.check(value) {
        let shown = if declaration.hidden { "value".to_owned() } else { format!("value \"{value}\"") };
        let allowed = declaration.rule.as_deref().unwrap_or("a value that the declaration allows");
        return refuse(&format!("{shown} {broken}."), &format!("give {allowed}."));
    }
    match declaration.items(value) {
        Some(items) => Parameter::List(items.into_iter().map(str::to_owned).collect()),
        None => Parameter::Text(value.clone()),
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
