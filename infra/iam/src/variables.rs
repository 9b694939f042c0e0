//! Policy variables, such as `${aws:PrincipalTag/TenantId}`.

use crate::context::Keys;
use crate::global_keys;

/// A piece of a text in a policy, before its wildcards are read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Part<'p> {
    /// Outside of variables. Wildcards count.
    Text(&'p str),
    /// `${*}`, `${?}` or `${$}`: the character itself.
    Character(&'p str),
    Variable(Variable),
}

/// Stands for the value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    /// In lower case.
    pub(crate) key: Box<str>,
    /// What stands there when the key has no value.
    default: Option<Box<str>>,
}

impl Variable {
    /// The value is literal: a `*` in it is no wildcard. Nothing comes of a key that is missing, empty or has several
    /// values.
    pub(crate) fn value<'a>(&'a self, keys: &Keys<'a>) -> Option<&'a str> {
        match keys.get(&self.key) {
            Some([value]) if !value.is_empty() => Some(value),
            _ => self.default.as_deref(),
        }
    }

    /// Reads what stands between `${` and `}`.
    fn parse(text: &str) -> Result<Variable, &'static str> {
        let (key, default) = match text.split_once(',') {
            Some((key, default)) => (key, Some(default.trim_start())),
            None => (text, None),
        };
        let default = default.map(quoted).transpose()?;
        let key = global_keys::parse(key)?;
        if global_keys::has_several_values(&key) {
            return Err("uses a key with several values as a variable");
        }
        Ok(Variable { key, default: default.map(Into::into) })
    }
}

fn quoted(text: &str) -> Result<&str, &'static str> {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.filter(|inner| !inner.contains('\'')).ok_or("has a default value that is not in single quotes")
}

/// Splits a text at its variables.
pub(crate) fn split(text: &str) -> Result<Vec<Part<'_>>, &'static str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        if start > 0 {
            parts.push(Part::Text(&rest[..start]));
        }
        let (inner, after) = rest[start + 2..].split_once('}').ok_or("has a ${ without its }")?;
        parts.push(match inner {
            "*" | "?" | "$" => Part::Character(inner),
            _ => Part::Variable(Variable::parse(inner)?),
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;
