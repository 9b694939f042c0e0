//! Which sections a template has.

use super::refusal::Report;
use super::yaml::{Entry, Node, Value};

const SECTIONS: &[&str] = &[
    "AWSTemplateFormatVersion",
    "Transform",
    "Description",
    "Metadata",
    "Parameters",
    "Conditions",
    "Globals",
    "Resources",
    "Outputs",
];

pub(super) fn section<'d>(document: &'d Node, name: &str) -> Option<&'d Entry> {
    document.entries().iter().find(|entry| entry.key == name)
}

/// Refuses those that are unknown or malformed, and a template that SAM would not read.
pub(super) fn check(document: &Node, report: &Report<'_>) {
    for section in document.entries().iter().filter(|section| !SECTIONS.contains(&section.key.as_str())) {
        report.refuse(
            &section.key,
            section.line,
            format!("the section {} is not supported.", section.key),
            format!("use {}.", SECTIONS.join(", ")),
        );
    }
    for name in ["Parameters", "Conditions", "Globals", "Resources", "Outputs"] {
        let entry = section(document, name);
        if let Some(entry) = entry.filter(|entry| !matches!(entry.node.value, Value::Map(_))) {
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
