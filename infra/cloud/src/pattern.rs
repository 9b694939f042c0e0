//! Event patterns, as EventBridge rules and Lambda filters write them.
//!
//! The matcher refuses forms that it does not know. Forms that it would misread are refused here.

use quamina::Quamina;
use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

/// Who reads the pattern on AWS, which determines the operators that it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Rule,
    SourceFilter,
}

impl Dialect {
    fn operators(self) -> &'static [&'static str] {
        match self {
            Dialect::Rule => &[
                "anything-but",
                "cidr",
                "equals-ignore-case",
                "exists",
                "numeric",
                "prefix",
                "suffix",
                "wildcard",
            ],
            Dialect::SourceFilter => {
                &["anything-but", "equals-ignore-case", "exists", "numeric", "prefix", "suffix"]
            }
        }
    }

    /// Operators are objects in the list of a field's choices, and may be nested.
    fn check(self, choices: &Value) -> Result<(), PatternError> {
        for operators in choices.as_array().into_iter().flatten().filter_map(Value::as_object) {
            self.check_operators(operators)?;
        }
        Ok(())
    }

    fn check_operators(self, operators: &Map<String, Value>) -> Result<(), PatternError> {
        for (operator, operand) in operators {
            if !self.operators().contains(&operator.as_str()) {
                let known = self.operators().join(", ");
                return Err(PatternError(format!("the operator \"{operator}\" is none of {known}")));
            }
            if let Value::Object(inner) = operand {
                self.check_operators(inner)?;
            }
        }
        Ok(())
    }
}

pub(crate) struct Pattern {
    matcher: Quamina<()>,
}

impl Pattern {
    pub(crate) fn compile(pattern: &Value, dialect: Dialect) -> Result<Pattern, PatternError> {
        let Value::Object(fields) = pattern else {
            return Err(PatternError("a pattern is a JSON object".into()));
        };
        if fields.is_empty() {
            return Err(PatternError("a pattern needs at least one field".into()));
        }
        let mut matcher = Quamina::new();
        for alternative in alternatives(fields, dialect)? {
            let text = Value::Object(alternative).to_string();
            matcher.add_pattern((), &text).map_err(|error| PatternError(error.to_string()))?;
        }
        Ok(Pattern { matcher })
    }

    /// An event that is not a JSON object matches nothing.
    pub(crate) fn matches(&self, event: &[u8]) -> bool {
        self.matcher.has_matches(event).unwrap_or(false)
    }
}

/// Whether a rule with this pattern takes the event.
pub fn rule_matches(pattern: &Value, event: &Value) -> Result<bool, PatternError> {
    Ok(Pattern::compile(pattern, Dialect::Rule)?.matches(event.to_string().as_bytes()))
}

/// Expands `$or` into patterns that together match the same events.
fn alternatives(
    fields: &Map<String, Value>,
    dialect: Dialect,
) -> Result<Vec<Map<String, Value>>, PatternError> {
    let mut expanded = vec![Map::new()];
    for (name, value) in fields {
        if name != "$or" && name.contains('.') {
            return Err(PatternError(format!(
                "the field name \"{name}\" holds a dot, which the matcher would misread"
            )));
        }
        let choices = match value {
            Value::Array(choices) if name == "$or" => or_choices(choices, dialect)?,
            Value::Object(inner) => alternatives(inner, dialect)?
                .into_iter()
                .map(|inner| Map::from_iter([(name.clone(), Value::Object(inner))]))
                .collect(),
            leaf => {
                dialect.check(leaf)?;
                vec![Map::from_iter([(name.clone(), leaf.clone())])]
            }
        };
        expanded = product(&expanded, &choices)?;
    }
    Ok(expanded)
}

fn or_choices(choices: &[Value], dialect: Dialect) -> Result<Vec<Map<String, Value>>, PatternError> {
    let mut all = Vec::new();
    for choice in choices {
        match choice {
            Value::Object(fields) => all.extend(alternatives(fields, dialect)?),
            _ => return Err(PatternError("\"$or\" takes a list of patterns".into())),
        }
    }
    if all.len() < 2 {
        return Err(PatternError("\"$or\" takes at least two patterns".into()));
    }
    Ok(all)
}

fn product(
    left: &[Map<String, Value>],
    right: &[Map<String, Value>],
) -> Result<Vec<Map<String, Value>>, PatternError> {
    let mut all = Vec::with_capacity(left.len() * right.len());
    for one in left {
        for other in right {
            let mut merged = one.clone();
            merge(&mut merged, other)?;
            all.push(merged);
        }
    }
    Ok(all)
}

fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) -> Result<(), PatternError> {
    for (name, value) in from {
        match (into.get_mut(name), value) {
            (None, value) => {
                into.insert(name.clone(), value.clone());
            }
            (Some(Value::Object(inner)), Value::Object(other)) => merge(inner, other)?,
            _ => {
                return Err(PatternError(format!("the field \"{name}\" stands beside and inside \"$or\"")));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(pattern: Value, event: Value) -> bool {
        rule_matches(&pattern, &event).unwrap()
    }

    #[test]
    fn fields_are_a_conjunction_of_choices() {
        let pattern = json!({"source": ["terrace"], "detail-type": ["order.placed", "order.confirmed"]});
        assert!(matches(pattern.clone(), json!({"source": "terrace", "detail-type": "order.confirmed"})));
        assert!(!matches(pattern.clone(), json!({"source": "terrace", "detail-type": "product.created"})));
        assert!(!matches(pattern, json!({"detail-type": "order.placed"})));
    }

    #[test]
    fn or_is_expanded_beside_and_below_other_fields() {
        let pattern = json!({
            "source": ["terrace"],
            "detail": {"$or": [{"tier": ["free"]}, {"amount": [{"numeric": [">", 100]}]}], "kind": ["order"]},
        });
        assert!(matches(
            pattern.clone(),
            json!({"source": "terrace", "detail": {"kind": "order", "tier": "free"}})
        ));
        assert!(matches(
            pattern.clone(),
            json!({"source": "terrace", "detail": {"kind": "order", "amount": 101}})
        ));
        assert!(!matches(
            pattern.clone(),
            json!({"source": "terrace", "detail": {"kind": "order", "amount": 99}})
        ));
        assert!(!matches(pattern, json!({"source": "terrace", "detail": {"kind": "user", "tier": "free"}})));
    }

    #[test]
    fn what_cannot_be_matched_rightly_is_refused() {
        for pattern in [
            json!([]),
            json!({}),
            json!({"source": "terrace"}),
            json!({"source": [{"no-such-operator": "x"}]}),
            json!({"source": [{"anything-but": {"numeric": [">", 1]}}]}),
            json!({"detail": {"a.b": ["x"]}}),
            json!({"$or": [{"source": ["a"]}]}),
        ] {
            assert!(Pattern::compile(&pattern, Dialect::Rule).is_err(), "{pattern}");
        }
    }

    #[test]
    fn operators_are_those_of_the_service_that_reads_the_pattern() {
        let is_known = |operand: Value, dialect| Pattern::compile(&json!({"a": [operand]}), dialect).is_ok();
        for operand in [json!({"prefix": "x"}), json!({"anything-but": ["x"]}), json!({"exists": false})] {
            assert!(is_known(operand.clone(), Dialect::Rule), "{operand}");
            assert!(is_known(operand.clone(), Dialect::SourceFilter), "{operand}");
        }
        assert!(is_known(json!({"wildcard": "x*"}), Dialect::Rule));
        assert!(!is_known(json!({"wildcard": "x*"}), Dialect::SourceFilter));
        for operand in [json!({"shellstyle": "x*"}), json!({"regexp": "x"}), json!({"regex": "x"})] {
            assert!(!is_known(operand.clone(), Dialect::Rule), "{operand}");
        }
    }
}
