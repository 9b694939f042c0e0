//! The intrinsic functions that put texts together: `Fn::Sub` and `Fn::Join`.

use std::collections::BTreeMap;

use super::resolve::{Failure, Scope, malformed, refused};
use super::yaml::{Node, Value};

impl Scope<'_> {
    pub(super) fn substitute(&self, owner: &str, argument: &Node) -> Result<String, Failure> {
        let mut own = BTreeMap::new();
        let template = match &argument.value {
            Value::Scalar { text, .. } => text,
            Value::List(parts) => {
                let [template, variables] = parts.as_slice() else {
                    return Err(malformed("Sub"));
                };
                for entry in variables.entries() {
                    let value = self.resolve(owner, &entry.node).ok_or(Failure::NoValue)?;
                    own.insert(entry.key.as_str(), scalar(&value, "Sub")?);
                }
                template.as_text().ok_or_else(|| malformed("Sub"))?
            }
            _ => return Err(malformed("Sub")),
        };
        self.fill(template, &own)
    }

    fn fill(&self, template: &str, own: &BTreeMap<&str, String>) -> Result<String, Failure> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| malformed("Sub"))?;
            filled.push_str(before);
            match name.strip_prefix('!') {
                Some(literal) => filled.push_str(&format!("${{{literal}}}")),
                None => filled.push_str(&self.variable(name.trim(), own)?),
            }
            rest = after;
        }
        Ok(filled + rest)
    }

    fn variable(&self, name: &str, own: &BTreeMap<&str, String>) -> Result<String, Failure> {
        if let Some(value) = own.get(name) {
            return Ok(value.clone());
        }
        match name.split_once('.') {
            Some((resource, attribute)) => self.attribute(resource, attribute),
            None => match self.reference(name)? {
                Value::Scalar { text, .. } => Ok(text),
                _ => Err(refused(
                    format!("{name} is a list, and !Sub takes text."),
                    "join the list with !Join first.",
                )),
            },
        }
    }

    pub(super) fn join(&self, owner: &str, argument: &Node) -> Result<String, Failure> {
        let Value::List(parts) = &argument.value else {
            return Err(malformed("Join"));
        };
        let [separator, items] = parts.as_slice() else {
            return Err(malformed("Join"));
        };
        let separator = separator.as_text().ok_or_else(|| malformed("Join"))?;
        let items = self.resolve(owner, items).ok_or(Failure::NoValue)?;
        match items.value {
            Value::List(items) => Ok(items
                .iter()
                .map(|item| scalar(item, "Join"))
                .collect::<Result<Vec<_>, _>>()?
                .join(separator)),
            Value::Invalid => Err(Failure::Known),
            _ => Err(malformed("Join")),
        }
    }
}

fn scalar(node: &Node, function: &str) -> Result<String, Failure> {
    match &node.value {
        Value::Scalar { text, .. } => Ok(text.clone()),
        Value::Invalid => Err(Failure::Known),
        _ => Err(malformed(function)),
    }
}
