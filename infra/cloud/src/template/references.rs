//! The names that a value refers to.

use super::yaml::{Node, Value};

/// A name without its attribute, and the line that has it.
pub(super) type Reference<'n> = (&'n str, usize);

/// What a node refers to; `branches` chooses from the arguments of an `!If`.
pub(super) fn references<'n>(
    node: &'n Node,
    branches: &impl Fn(&'n Node) -> Vec<&'n Node>,
) -> Vec<Reference<'n>> {
    let mut found = Vec::new();
    walk(node, branches, &mut found);
    found
}

/// All of them, whatever the conditions say.
pub(super) fn all(node: &Node) -> Vec<Reference<'_>> {
    references(node, &|arguments| match &arguments.value {
        Value::List(items) => items.iter().collect(),
        _ => Vec::new(),
    })
}

fn walk<'n>(node: &'n Node, branches: &impl Fn(&'n Node) -> Vec<&'n Node>, found: &mut Vec<Reference<'n>>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| walk(item, branches, found)),
        Value::Map(entries) => entries.iter().for_each(|entry| walk(&entry.node, branches, found)),
        Value::Intrinsic { name, argument } => match name.as_str() {
            "Ref" => found.extend(argument.as_text().map(|name| (name, node.line))),
            "GetAtt" => found.extend(resource_of(argument).map(|name| (name, node.line))),
            "If" => branches(argument).into_iter().for_each(|branch| walk(branch, branches, found)),
            "Sub" => {
                found.extend(variables(argument).into_iter().map(|name| (name, node.line)));
                walk(argument, branches, found);
            }
            _ => walk(argument, branches, found),
        },
        Value::Null | Value::Scalar { .. } | Value::Invalid => {}
    }
}

fn resource_of(attribute: &Node) -> Option<&str> {
    match &attribute.value {
        Value::List(parts) => parts.first()?.as_text(),
        _ => attribute.as_text().and_then(|text| Some(text.split_once('.')?.0)),
    }
}

/// The variables of a `!Sub` that it does not define itself.
fn variables(argument: &Node) -> Vec<&str> {
    let (text, own) = match &argument.value {
        Value::List(parts) => (parts.first().and_then(Node::as_text), parts.get(1)),
        _ => (argument.as_text(), None),
    };
    let pieces = text.unwrap_or_default().split("${").skip(1);
    let names = pieces.filter_map(|piece| Some(piece.split_once('}')?.0.trim()));
    names
        .filter(|name| !name.starts_with('!') && own.is_none_or(|own| own.get(name).is_none()))
        .map(|name| name.split_once('.').map_or(name, |(resource, _)| resource))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::refusal::Findings;
    use crate::template::yaml;

    #[test]
    fn every_form_of_a_reference_is_found() {
        let text = r#"
- [!Ref A, {"Fn::GetAtt": [B, Arn]}, !GetAtt C.Outputs.Name]
- !Sub "${D}/${E.Arn}/${!Kept}/${AWS::Region}"
- !Sub ["${Own}-${F}", {Own: !Ref G}]
- !Join ["", [!Ref H]]
- Deep: {Text: Ref, Choice: !If [Condition, !Ref I, !Ref J]}
"#;
        let findings = Findings::default();
        let node = yaml::parse(text, &findings.report("x", text)).unwrap();
        let names = |found: Vec<Reference<'_>>| found.iter().map(|(name, _)| *name).collect::<String>();
        assert_eq!(names(all(&node)), "ABCDEAWS::RegionFGHIJ");
        assert_eq!(names(references(&node, &|_| Vec::new())), "ABCDEAWS::RegionFGH");
        assert!(all(&node).contains(&("F", 4)));
    }
}
