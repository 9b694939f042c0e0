//! One template: its names first, which its parent may need, and then its resources.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::draft::Draft;
use super::fields::Fields;
use super::identities::{self, Home, Identity};
use super::naming::{self, Nested};
use super::nested::Origin;
use super::outputs::{self, Outputs};
use super::parameters::{self, Given};
use super::refusal::{Findings, Report};
use super::resolve::Scope;
use super::sections::{self, section};
use super::yaml::{self, Entry, Node, Value};
use super::{circles, conditions, globals, resources};

/// A template whose names are known.
pub(super) struct Template<'f> {
    document: Node,
    globals: Vec<Entry>,
    scope: Scope<'f>,
    pub(super) outputs: Outputs,
    nested: Nested<'f>,
}

impl<'f> Template<'f> {
    /// `None` if the text is not YAML.
    pub(super) fn read(
        text: &str,
        origin: Origin,
        stack: String,
        given: &Given<'_>,
        findings: &'f Findings,
    ) -> Option<Template<'f>> {
        let report = findings.report(&origin.path().display().to_string(), text);
        let document = yaml::parse(text, &report)?;
        sections::check(&document, &report);
        let resources = resources_of(&document);
        let globals = globals::read(section(&document, "Globals"), &report);
        let mut scope = Scope {
            home: Rc::new(Home { stack, directory: origin.directory().to_owned() }),
            parameters: parameters::read(section(&document, "Parameters"), given, &report),
            conditions: BTreeMap::new(),
            declared: BTreeSet::new(),
            absent: BTreeSet::new(),
            identities: BTreeMap::new(),
            report,
        };
        naming::declare(resources, &mut scope);
        scope.conditions = conditions::read(section(&document, "Conditions"), &scope);
        naming::leave_out(resources, &mut scope);
        circles::check(resources, &globals, &scope);
        let nested = naming::name(resources, &globals, &origin, &mut scope);
        let outputs = outputs::read(section(&document, "Outputs"), &scope);
        Some(Template { document, globals, scope, outputs, nested })
    }

    pub(super) fn report(&self) -> &Report<'f> {
        &self.scope.report
    }

    pub(super) fn section(&self, name: &str) -> Option<&Entry> {
        section(&self.document, name)
    }

    /// A resource of this template or of one that is nested in it, with its identity if it has one.
    pub(super) fn resource(&self, logical_id: &str) -> Option<(&Entry, Option<&Identity>)> {
        let own = resources_of(&self.document).iter().find(|resource| resource.key == logical_id);
        match own {
            Some(resource) => Some((resource, self.scope.identities.get(logical_id))),
            None => self.nested.values().find_map(|nested| nested.resource(logical_id)),
        }
    }

    /// Reads the template's resources, and after them those of the templates that are nested in it.
    pub(super) fn fill(&self, draft: &mut Draft) {
        let resources = resources_of(&self.document);
        for resource in resources {
            read_resource(resource, &self.globals, &self.scope, draft);
        }
        for nested in resources.iter().filter_map(|resource| self.nested.get(&resource.key)) {
            nested.refuse_metadata();
            nested.fill(draft);
        }
    }

    fn refuse_metadata(&self) {
        let metadata = self.section("Metadata").map(|metadata| metadata.node.entries()).unwrap_or_default();
        if let Some(local) = metadata.iter().find(|entry| entry.key == "LocalData") {
            let problem = "the version of local data stands in the root template alone.";
            self.report().refuse("Metadata", local.line, problem, "move it there.");
        }
    }
}

fn resources_of(document: &Node) -> &[Entry] {
    section(document, "Resources").map(|section| section.node.entries()).unwrap_or_default()
}

fn read_resource(resource: &Entry, globals: &[Entry], scope: &Scope<'_>, draft: &mut Draft) {
    let logical_id = &resource.key;
    let Some(identity) = scope.identities.get(logical_id).filter(|identity| !identity.refused) else {
        return;
    };
    place(resource, scope, draft);
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
    refuse_conditional_events(logical_id, &properties, scope);
    let Some(properties) = scope.resolve(logical_id, &properties) else {
        return;
    };
    Fields::read(kind, logical_id, resource.line, &properties, &scope.report, |fields| {
        resources::read(kind, fields, identity, draft)
    });
}

/// SAM reads the events of a function before conditions are evaluated.
fn refuse_conditional_events(logical_id: &str, properties: &Node, scope: &Scope<'_>) {
    let Some(events) = properties.get("Events") else { return };
    let each = events.entries().iter().map(|event| &event.node);
    let is_conditional = |node: &&Node| matches!(&node.value, Value::Intrinsic { name, .. } if name == "If");
    for event in each.chain([events]).filter(is_conditional) {
        let problem = "an event cannot depend on a condition: SAM refuses it.";
        scope.report.refuse(logical_id, event.line, problem, "give the function the condition.");
    }
}

/// Functions, queues, sources and roles of all stacks are told by their logical ids.
fn place(resource: &Entry, scope: &Scope<'_>, draft: &mut Draft) {
    for id in naming::ids_of(resource) {
        if let Some(first) = draft.places.get(&id).filter(|first| !scope.report.is_of(**first)) {
            let problem = format!("the logical id {id} stands in {} already.", scope.report.show(*first));
            let remedy = "give one of them another: here, resources of all stacks are told apart by their logical ids.";
            scope.report.refuse(&resource.key, resource.line, problem, remedy);
        } else {
            draft.places.insert(id, scope.report.place(resource.line));
        }
    }
}

/// Checks the resource's attributes beside `Properties`, and returns the properties.
fn resource_attributes(resource: &Entry, scope: &Scope<'_>) -> Option<Node> {
    Fields::read("Resource", &resource.key, resource.line, &resource.node, &scope.report, |fields| {
        fields.text("Type");
        fields.text("Condition");
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
