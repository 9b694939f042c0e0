//! Reads a SAM template into the model that the local cloud runs, or reports everything that prevents it.

mod checks;
mod draft;
mod fields;
mod globals;
mod identities;
mod keys;
mod parameters;
pub(crate) mod permissions;
mod policy;
mod profiles;
mod refusal;
mod resolve;
mod resources;
mod roles;
mod throttles;
mod without_effect;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

use self::draft::Draft;
use self::fields::Fields;
use self::refusal::Report;
pub use self::refusal::{Refusal, Refusals};
use self::resolve::Scope;
use self::yaml::{Entry, Node, Value};
use crate::model::Stack;

/// Of a template that names none.
const FIRST_DATA_VERSION: u32 = 1;

const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Transform",
    "Description",
    "Metadata",
    "Parameters",
    "Globals",
    "Resources",
    "Outputs",
];

pub fn load(path: &Path, stack_name: &str, parameters: &BTreeMap<String, String>) -> Result<Stack, Refusals> {
    let text = std::fs::read_to_string(path).map_err(|error| Refusals {
        file: path.display().to_string(),
        refusals: vec![Refusal {
            logical_id: "Template".to_owned(),
            line: 0,
            excerpt: String::new(),
            problem: format!("the file cannot be read: {error}."),
            remedy: "name the template with --template.".to_owned(),
        }],
    })?;
    parse(&text, &path.display().to_string(), stack_name, parameters)
}

/// Reads a template's text; `file` is the name that refusals show.
pub(crate) fn parse(
    text: &str,
    file: &str,
    stack_name: &str,
    given: &BTreeMap<String, String>,
) -> Result<Stack, Refusals> {
    let report = Report::new(text);
    let mut draft = Draft::new(stack_name);
    if let Some(document) = yaml::parse(text, &report) {
        read(&document, stack_name, given, &report, &mut draft);
    }
    let without_effect = report.close(file)?;
    Ok(Stack { without_effect, ..draft.stack })
}

fn read(
    document: &Node,
    stack_name: &str,
    given: &BTreeMap<String, String>,
    report: &Report<'_>,
    draft: &mut Draft,
) {
    sections(document, report);
    let section = |name: &str| document.entries().iter().find(|entry| entry.key == name);
    let parameters = parameters::read(section("Parameters"), given, report);
    let mut scope =
        Scope { stack_name: stack_name.to_owned(), parameters, identities: BTreeMap::new(), report };
    let resources = section("Resources").map(|section| section.node.entries()).unwrap_or_default();
    let globals = globals::read(section("Globals"), report);
    identities::identify(resources, &globals, &mut scope);
    for resource in resources {
        read_resource(resource, &globals, &scope, draft);
    }
    if let Some(version) = section("Metadata").and_then(|metadata| data_version(metadata, report)) {
        draft.stack.data_version = version;
    }
    roles::complete(draft, report);
    if let Some(metadata) = section("Metadata") {
        profiles::read(metadata, resources, &scope, draft);
    }
    checks::check(draft, report);
    throttles::check(draft, report);
    if let Some(api) = &draft.stack.api {
        permissions::grant(api, &mut draft.stack.functions);
    }
    for output in section("Outputs").map(|section| section.node.entries()).unwrap_or_default() {
        check_output(output, &scope);
    }
}

/// `Metadata: LocalData: Version: 2` is the template's way to say that older local data is not read any more. CloudFormation
/// ignores metadata.
fn data_version(metadata: &Entry, report: &Report<'_>) -> Option<u32> {
    let local = metadata.node.entries().iter().find(|entry| entry.key == "LocalData")?;
    Fields::read("Metadata", &local.key, local.line, &local.node, report, |fields| {
        fields.number("Version", FIRST_DATA_VERSION..=u32::MAX)
    })
    .flatten()
}

fn sections(document: &Node, report: &Report<'_>) {
    for section in document.entries().iter().filter(|section| !SECTIONS.contains(&section.key.as_str())) {
        report.refuse(
            &section.key,
            section.line,
            format!("the section {} is not supported.", section.key),
            format!("use {}.", SECTIONS.join(", ")),
        );
    }
    for name in ["Parameters", "Globals", "Resources", "Outputs"] {
        let section = document.entries().iter().find(|entry| entry.key == name);
        if let Some(entry) = section.filter(|entry| !matches!(entry.node.value, Value::Map(_))) {
            report.refuse(
                name,
                entry.line,
                format!("{name} is not a mapping."),
                "write `Name:` lines below it.",
            );
        }
    }
    let transform = document.get("Transform");
    if transform.and_then(Node::as_text) != Some("AWS::Serverless-2016-10-31") {
        let line = transform.map_or(document.line, |node| node.line);
        report.refuse(
            "Transform",
            line,
            "this is not a SAM template.",
            "write Transform: AWS::Serverless-2016-10-31.",
        );
    }
    if document.get("Resources").is_none() {
        report.refuse("Resources", document.line, "the template has no Resources.", "add Resources.");
    }
}

fn read_resource(resource: &Entry, globals: &[Entry], scope: &Scope<'_>, draft: &mut Draft) {
    let logical_id = &resource.key;
    let Some(identity) = scope.identities.get(logical_id).filter(|identity| !identity.refused) else {
        return;
    };
    draft.lines.insert(logical_id.clone(), resource.line);
    let kind = identities::kind_of(resource);
    let Some(raw) = resource_attributes(resource, scope) else {
        return;
    };
    let properties = match (&raw.value, kind) {
        (Value::Map(own), "AWS::Serverless::Function") => {
            Node { line: raw.line, value: Value::Map(globals::merge(globals, own)) }
        }
        _ => raw,
    };
    let Some(properties) = scope.resolve(logical_id, &properties) else {
        return;
    };
    Fields::read(kind, logical_id, resource.line, &properties, scope.report, |fields| {
        resources::read(kind, fields, identity, draft)
    });
}

/// Checks the resource's attributes beside `Properties`, and returns the properties.
fn resource_attributes(resource: &Entry, scope: &Scope<'_>) -> Option<Node> {
    Fields::read("Resource", &resource.key, resource.line, &resource.node, scope.report, |fields| {
        fields.text("Type");
        let depends_on = fields.take_without_effect("DependsOn").map(|entry| match entry.node.value {
            Value::List(items) => items,
            _ => vec![entry.node],
        });
        for name in depends_on.iter().flatten() {
            if !name.as_text().is_some_and(|name| scope.identities.contains_key(name)) {
                fields.refuse(
                    name.line,
                    "DependsOn names no resource of the template.",
                    "mend the name, or remove it.",
                );
            }
        }
        fields
            .take("Properties")
            .map_or(Node { line: resource.line, value: Value::Map(Vec::new()) }, |entry| entry.node)
    })
}

fn check_output(output: &Entry, scope: &Scope<'_>) {
    let Some(resolved) = scope.resolve(&output.key, &output.node) else {
        return;
    };
    Fields::read("Output", &output.key, output.line, &resolved, scope.report, |fields| {
        fields.note_without_effect("Value");
        fields.required_text("Value");
    });
}

#[cfg(test)]
mod tests;
