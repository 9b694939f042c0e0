//! Names the resources of a template, each after those whose names are parts of its own.

use std::collections::BTreeMap;

use super::identities::{self, Identity};
use super::nested::{self, Origin};
use super::resolve::Scope;
use super::stack::Template;
use super::yaml::Entry;

const FUNCTION: &str = "AWS::Serverless::Function";

/// The nested templates, by the logical ids of their stacks.
pub(super) type Nested<'f> = BTreeMap<String, Template<'f>>;

/// The logical id of the role that SAM makes of a function.
pub(super) fn role_id(function: &str) -> String {
    format!("{function}Role")
}

/// Finds out which resources there are, with the roles that SAM makes.
pub(super) fn declare(resources: &[Entry], scope: &mut Scope<'_>) {
    for resource in resources {
        scope.declared.extend(ids_of(resource));
    }
    for role in resources.iter().filter(|resource| is_role_of_function(resource, resources)) {
        let problem = "SAM makes a role with this logical id, of the function.";
        scope.report.refuse(&role.key, role.line, problem, "give it another logical id.");
    }
}

/// Leaves out the resources whose conditions are not met.
pub(super) fn leave_out(resources: &[Entry], scope: &mut Scope<'_>) {
    let absent = resources.iter().filter(|resource| !scope.is_made(resource)).flat_map(ids_of).collect();
    scope.absent = absent;
}

pub(super) fn ids_of(resource: &Entry) -> Vec<String> {
    let role = (identities::kind_of(resource) == FUNCTION).then(|| role_id(&resource.key));
    std::iter::once(resource.key.clone()).chain(role).collect()
}

fn is_role_of_function(resource: &Entry, resources: &[Entry]) -> bool {
    resources.iter().any(|other| ids_of(other).get(1) == Some(&resource.key))
}

/// Names what is made, and reads the nested templates, whose outputs other names may contain.
pub(super) fn name<'f>(
    resources: &[Entry],
    globals: &[Entry],
    origin: &Origin,
    scope: &mut Scope<'f>,
) -> Nested<'f> {
    let mut naming = Naming { resources, globals, origin, scope, path: Vec::new(), nested: Nested::new() };
    for resource in resources {
        naming.visit(resource);
    }
    naming.nested
}

struct Naming<'n, 's, 'f> {
    resources: &'n [Entry],
    globals: &'n [Entry],
    origin: &'n Origin,
    scope: &'s mut Scope<'f>,
    /// The resources that are being named, each for the one before it.
    path: Vec<&'n str>,
    nested: Nested<'f>,
}

impl<'n> Naming<'n, '_, '_> {
    fn visit(&mut self, resource: &'n Entry) {
        let key = resource.key.as_str();
        if self.scope.absent.contains(key) || self.scope.identities.contains_key(key) {
            return;
        }
        // A circle has been refused, and its references have no values.
        if self.path.contains(&key) {
            return;
        }
        self.path.push(key);
        for needed in self.needs(resource) {
            self.visit(needed);
        }
        self.path.pop();
        let identity = match identities::kind_of(resource) {
            nested::TYPE => self.nested_stack(resource),
            kind => {
                if kind == FUNCTION {
                    let role = identities::role_of(resource, self.globals, self.scope);
                    self.scope.identities.insert(role_id(key), role);
                }
                identities::identity(resource, self.scope)
            }
        };
        self.scope.identities.insert(key.to_owned(), identity);
    }

    /// The resources whose names are parts of this one's name, ARN or parameters.
    fn needs(&self, resource: &'n Entry) -> Vec<&'n Entry> {
        let kind = identities::kind_of(resource);
        let own = identities::naming_properties(kind);
        let own = own.into_iter().filter_map(|name| identities::property(resource, name));
        let path = identities::role_path(resource, self.globals).filter(|_| kind == FUNCTION);
        let names: Vec<&str> = own.chain(path).flat_map(|node| self.scope.needs(node)).collect();
        let is_needed = |other: &&Entry| ids_of(other).iter().any(|id| names.contains(&id.as_str()));
        self.resources.iter().filter(is_needed).collect()
    }

    fn nested_stack(&mut self, resource: &Entry) -> Identity {
        let template = nested::open(resource, self.origin, self.scope);
        let identity = nested::identity(resource, template.as_ref(), self.scope);
        self.nested.extend(template.map(|template| (resource.key.clone(), template)));
        identity
    }
}
