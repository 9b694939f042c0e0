//! The section `Conditions`, and what depends on it: resources, outputs and `!If`.

use std::collections::BTreeMap;

use super::references;
use super::resolve::{Failure, Scope, malformed, refused};
use super::yaml::{Entry, Node, Value};

/// By name; `None` for a condition that was refused.
pub(super) type Conditions = BTreeMap<String, Option<bool>>;

/// The scope has its parameters, and the logical ids of its resources.
pub(super) fn read(section: Option<&Entry>, scope: &Scope<'_>) -> Conditions {
    let declared = section.map(|section| section.node.entries()).unwrap_or_default();
    let mut reader = Reader { declared, scope, known: Conditions::new(), path: Vec::new() };
    for condition in declared {
        reader.named(&condition.key, &condition.key, condition.line);
    }
    reader.known
}

struct Reader<'n, 's, 'f> {
    declared: &'n [Entry],
    scope: &'s Scope<'f>,
    known: Conditions,
    /// The conditions that are being evaluated, each for the one before it.
    path: Vec<&'n str>,
}

impl<'n> Reader<'n, '_, '_> {
    fn named(&mut self, owner: &str, name: &str, line: usize) -> Option<bool> {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let Some(entry) = self.declared.iter().find(|entry| entry.key == name) else {
            return self.refuse(owner, line, &undeclared(name));
        };
        if self.path.contains(&entry.key.as_str()) {
            let problem = format!("the condition {name} depends on itself.");
            return self.refuse(owner, line, &(problem, "evaluate parameters alone."));
        }
        self.path.push(&entry.key);
        let met = self.expression(&entry.key, &entry.node);
        self.path.pop();
        self.known.insert(name.to_owned(), met);
        met
    }

    fn expression(&mut self, owner: &str, node: &'n Node) -> Option<bool> {
        let (name, argument) = match &node.value {
            Value::Intrinsic { name, argument } => (name.as_str(), &**argument),
            Value::Map(entries) if entries.len() == 1 => (entries[0].key.as_str(), &entries[0].node),
            Value::Invalid => return None,
            _ => ("", node),
        };
        let items: &[Node] = match &argument.value {
            Value::List(items) => items,
            _ => &[],
        };
        match (name, items) {
            ("Condition", _) => self.named(owner, argument.as_text()?, node.line),
            ("Equals", [one, other]) => self.equals(owner, one, other),
            ("Not", [one]) => self.expression(owner, one).map(|met| !met),
            ("And", [_, _, ..]) if items.len() <= 10 => self.every(owner, items, true),
            ("Or", [_, _, ..]) if items.len() <= 10 => self.every(owner, items, false).map(|none| !none),
            _ => self.refuse(
                owner,
                node.line,
                &(
                    "this is not a condition.".to_owned(),
                    "use !Equals of two texts, !And or !Or of 2 to 10 conditions, !Not [one], or {Condition: Name}.",
                ),
            ),
        }
    }

    /// Whether each of them is met, or is not. All are evaluated, so that each mistake is reported.
    fn every(&mut self, owner: &str, items: &'n [Node], met: bool) -> Option<bool> {
        let all: Vec<Option<bool>> = items.iter().map(|item| self.expression(owner, item)).collect();
        let all = all.into_iter().collect::<Option<Vec<bool>>>()?;
        Some(all.iter().all(|one| *one == met))
    }

    fn equals(&self, owner: &str, one: &Node, other: &Node) -> Option<bool> {
        let values = [one, other].map(|node| self.operand(owner, node));
        let [Some(one), Some(other)] = values else { return None };
        Some(one == other)
    }

    fn operand(&self, owner: &str, node: &Node) -> Option<String> {
        let refers = references::all(node).into_iter().find(|(name, _)| self.scope.declared.contains(*name));
        if let Some((resource, line)) = refers {
            let problem = format!("a condition may not refer to the resource {resource}.");
            return self.refuse(owner, line, &(problem, "compare parameters: resources are made later."));
        }
        let value = self.scope.resolve(owner, node).unwrap_or(Node::invalid(node.line));
        if value.as_text().is_none() && !matches!(value.value, Value::Invalid) {
            let problem = "Equals compares two texts.".to_owned();
            return self.refuse(owner, node.line, &(problem, "join a list with !Join first."));
        }
        value.as_text().map(str::to_owned)
    }

    fn refuse<T>(&self, owner: &str, line: usize, (problem, remedy): &(String, &str)) -> Option<T> {
        self.scope.report.refuse(owner, line, problem, *remedy);
        None
    }
}

fn undeclared(name: &str) -> (String, &'static str) {
    (format!("the condition {name} is not declared."), "declare it under Conditions, or mend the name.")
}

impl Scope<'_> {
    /// Whether a resource or an output is made. A condition that was refused counts as met.
    pub(super) fn is_made(&self, entry: &Entry) -> bool {
        let Some(condition) = entry.node.entries().iter().find(|attribute| attribute.key == "Condition")
        else {
            return true;
        };
        // Another value than a text is refused where the attributes are read.
        let Some(name) = condition.node.as_text() else { return true };
        let Some(met) = self.conditions.get(name) else {
            let (problem, remedy) = undeclared(name);
            self.report.refuse(&entry.key, condition.line, problem, remedy);
            return true;
        };
        met.unwrap_or(true)
    }

    /// The branch of an `!If` that is taken, and the other.
    fn branches<'n>(&self, arguments: &'n Node) -> Result<[&'n Node; 2], Failure> {
        let Value::List(items) = &arguments.value else { return Err(malformed("If")) };
        let [condition, then, otherwise] = items.as_slice() else { return Err(malformed("If")) };
        let name = condition.as_text().ok_or_else(|| malformed("If"))?;
        match self.conditions.get(name) {
            Some(Some(true)) => Ok([then, otherwise]),
            Some(Some(false)) => Ok([otherwise, then]),
            Some(None) => Err(Failure::Known),
            None => {
                let (problem, remedy) = undeclared(name);
                Err(refused(problem, remedy))
            }
        }
    }

    /// Resolves the branch that is taken. The other may refer to resources that are not made, but not to names that
    /// nothing declares.
    pub(super) fn choose(&self, owner: &str, line: usize, arguments: &Node) -> Option<Node> {
        match self.branches(arguments) {
            Err(failure) => self.failed(owner, line, failure),
            Ok([taken, other]) => {
                let is_known = |name: &str| {
                    name.starts_with("AWS::")
                        || self.parameters.contains_key(name)
                        || self.declared.contains(name)
                };
                for (name, line) in references::all(other).into_iter().filter(|(name, _)| !is_known(name)) {
                    self.failed(owner, line, Failure::unknown(name));
                }
                self.resolve(owner, taken)
            }
        }
    }

    /// What a value refers to by the branches that are taken.
    pub(super) fn needs<'n>(&self, node: &'n Node) -> Vec<&'n str> {
        let taken = |arguments: &'n Node| match self.branches(arguments) {
            Ok([taken, _]) => vec![taken],
            Err(_) => Vec::new(),
        };
        references::references(node, &taken).into_iter().map(|(name, _)| name).collect()
    }

    /// Whether a property is more than `!Ref AWS::NoValue`.
    pub(super) fn is_given(&self, node: &Node) -> bool {
        match &node.value {
            Value::Intrinsic { name, argument } => match name.as_str() {
                "If" => self.branches(argument).map_or(true, |[taken, _]| self.is_given(taken)),
                "Ref" => argument.as_text() != Some("AWS::NoValue"),
                _ => true,
            },
            _ => true,
        }
    }
}
