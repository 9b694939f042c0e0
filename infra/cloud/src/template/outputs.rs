//! The section `Outputs`: what a template hands to its parent.

use std::collections::BTreeMap;

use super::fields::Fields;
use super::resolve::Scope;
use super::yaml::Entry;

pub(super) type Outputs = BTreeMap<String, Output>;

#[derive(Debug, Clone)]
pub(super) enum Output {
    Value(String),
    /// Its condition is not met.
    Absent,
    /// It has been refused already.
    Invalid,
}

pub(super) fn read(section: Option<&Entry>, scope: &Scope<'_>) -> Outputs {
    let outputs = section.map(|section| section.node.entries()).unwrap_or_default();
    outputs.iter().map(|output| (output.key.clone(), read_output(output, scope))).collect()
}

fn read_output(output: &Entry, scope: &Scope<'_>) -> Output {
    if !scope.is_made(output) {
        return Output::Absent;
    }
    let value = scope.resolve(&output.key, &output.node).and_then(|resolved| {
        Fields::read("Output", &output.key, output.line, &resolved, &scope.report, |fields| {
            fields.text("Condition");
            fields.required_text("Value")
        })
    });
    value.flatten().map_or(Output::Invalid, Output::Value)
}

/// Those that have a value.
pub(super) fn values(outputs: &Outputs) -> BTreeMap<String, String> {
    let value = |(name, output): (&String, &Output)| match output {
        Output::Value(value) => Some((name.clone(), value.clone())),
        Output::Absent | Output::Invalid => None,
    };
    outputs.iter().filter_map(value).collect()
}
