//! Reads a SAM template into the model that the local cloud runs, or reports everything that prevents it.

mod checks;
mod circles;
mod conditions;
mod draft;
mod fields;
mod globals;
mod identities;
mod keys;
mod naming;
mod nested;
mod outputs;
mod parameters;
mod paths;
pub(crate) mod permissions;
mod policy;
mod profiles;
mod references;
mod refusal;
mod resolve;
mod resources;
mod roles;
mod sections;
mod stack;
mod texts;
mod throttles;
mod without_effect;
mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

use self::draft::Draft;
use self::fields::Fields;
use self::nested::Origin;
use self::parameters::Given;
use self::refusal::{Findings, Report};
pub use self::refusal::{Refusal, Refusals};
use self::stack::Template;
use self::yaml::Entry;
use crate::model::Stack;

/// Of a template that names none.
const FIRST_DATA_VERSION: u32 = 1;

/// Reads a template and those that are nested in it.
pub fn load(path: &Path, stack_name: &str, parameters: &BTreeMap<String, String>) -> Result<Stack, Refusals> {
    let text = std::fs::read_to_string(path).map_err(|error| Refusals {
        file: path.display().to_string(),
        refusals: vec![Refusal {
            file: path.display().to_string(),
            logical_id: "Template".to_owned(),
            line: 0,
            excerpt: String::new(),
            problem: format!("the file cannot be read: {error}."),
            remedy: "name the template with --template.".to_owned(),
        }],
    })?;
    parse(&text, &path.display().to_string(), stack_name, parameters)
}

/// Reads a template's text; `file` is the path that refusals show, and that leads to nested templates.
pub(crate) fn parse(
    text: &str,
    file: &str,
    stack_name: &str,
    given: &BTreeMap<String, String>,
) -> Result<Stack, Refusals> {
    let (findings, mut draft) = (Findings::default(), Draft::new(stack_name));
    let origin = Origin::of_root(Path::new(file));
    let given = Given::by_program(given);
    if let Some(template) = Template::read(text, origin, stack_name.to_owned(), &given, &findings) {
        read(&template, &mut draft);
    }
    let without_effect = findings.close()?;
    Ok(Stack { without_effect, ..draft.stack })
}

fn read(root: &Template<'_>, draft: &mut Draft) {
    let report = root.report();
    root.fill(draft);
    draft.stack.outputs = outputs::values(&root.outputs);
    if let Some(version) = root.section("Metadata").and_then(|metadata| data_version(metadata, report)) {
        draft.stack.data_version = version;
    }
    roles::complete(draft, report);
    if let Some(metadata) = root.section("Metadata") {
        profiles::read(metadata, root, draft);
    }
    checks::check(draft, report);
    throttles::check(draft, report);
    let declared = permissions::declared(draft, report);
    permissions::grant(&mut draft.stack, &declared);
    checks::log_destinations(draft, report);
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

#[cfg(test)]
mod tests;
