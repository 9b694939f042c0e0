//! Resources that need each other, of which CloudFormation could make none first.

use std::collections::{BTreeMap, BTreeSet};

use super::identities::kind_of;
use super::naming::ids_of;
use super::resolve::Scope;
use super::yaml::{Entry, Node, Value};

/// Refuses each circle once.
pub(super) fn check(resources: &[Entry], globals: &[Entry], scope: &Scope<'_>) {
    let made: Vec<&Entry> =
        resources.iter().filter(|resource| !scope.absent.contains(&resource.key)).collect();
    let needs = made.iter().map(|resource| (resource.key.as_str(), needs(resource, &made, globals, scope)));
    let mut walk = Walk { needs: needs.collect(), done: BTreeSet::new(), path: Vec::new(), scope };
    for resource in &made {
        walk.visit(resource);
    }
}

/// The resources that SAM and CloudFormation make before this one. The routes among a function's events are parts of the
/// API, which needs the function.
fn needs<'n>(
    resource: &'n Entry,
    made: &[&'n Entry],
    globals: &'n [Entry],
    scope: &Scope<'_>,
) -> Vec<&'n Entry> {
    let kind = kind_of(resource);
    let is_function = kind == "AWS::Serverless::Function";
    let properties =
        entries(resource, "Properties").iter().filter(|property| !is_function || property.key != "Events");
    let inherited = globals.iter().filter(|_| is_function);
    let mut names: BTreeSet<&str> =
        properties.chain(inherited).flat_map(|property| scope.needs(&property.node)).collect();
    names.extend(resource.node.get("DependsOn").into_iter().flat_map(texts));
    let is_route_of = |function: &Entry| {
        kind == "AWS::Serverless::HttpApi"
            && routes(function).any(|events| scope.needs(events).contains(&&*resource.key))
    };
    // The role that SAM makes of a function does not need the function.
    let own_role = |other: &Entry, id: &str| other.key == resource.key && id != resource.key;
    let is_needed = |other: &Entry| {
        let ids = ids_of(other);
        is_route_of(other) || ids.iter().any(|id| names.contains(id.as_str()) && !own_role(other, id))
    };
    made.iter().copied().filter(|other| is_needed(other)).collect()
}

fn routes(function: &Entry) -> impl Iterator<Item = &Node> {
    entries(function, "Properties")
        .iter()
        .filter(|property| property.key == "Events")
        .map(|events| &events.node)
}

fn entries<'n>(resource: &'n Entry, attribute: &str) -> &'n [Entry] {
    resource.node.get(attribute).map(Node::entries).unwrap_or_default()
}

fn texts(node: &Node) -> Vec<&str> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(Node::as_text).collect(),
        _ => node.as_text().into_iter().collect(),
    }
}

struct Walk<'n, 's, 'f> {
    needs: BTreeMap<&'n str, Vec<&'n Entry>>,
    done: BTreeSet<&'n str>,
    /// From one resource to those that it needs.
    path: Vec<&'n str>,
    scope: &'s Scope<'f>,
}

impl<'n> Walk<'n, '_, '_> {
    fn visit(&mut self, resource: &'n Entry) {
        let key = resource.key.as_str();
        if let Some(start) = self.path.iter().position(|visited| *visited == key) {
            let circle = [&self.path[start..], &[key]].concat().join(" -> ");
            let problem = format!("each of these needs the next one before it can be made: {circle}.");
            let remedy =
                "break the circle, by a name that is put together of AWS::StackName, or by a third resource.";
            return self.scope.report.refuse(key, resource.line, problem, remedy);
        }
        if !self.done.insert(key) {
            return;
        }
        self.path.push(key);
        for needed in self.needs.get(key).cloned().unwrap_or_default() {
            self.visit(needed);
        }
        self.path.pop();
    }
}
