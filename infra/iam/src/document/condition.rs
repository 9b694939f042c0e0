//! The element `Condition`.

use serde_json::Value;

use super::error::Problem;
use super::fields::{malformed, scalars};
use super::statement::Effect;
use crate::context::{Keys, is_null};
use crate::global_keys;
use crate::operators::{Family, Operator, Quantifier, Test};

/// One operator on one key. All conditions of a statement have to hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    operator: Operator,
    /// In lower case.
    key: Box<str>,
    test: Test,
    effect: Effect,
}

/// Reads `{operator: {key: values}}`.
pub(super) fn parse(value: &Value, effect: Effect) -> Result<Vec<Condition>, Problem> {
    let operators = value.as_object().filter(|operators| !operators.is_empty());
    let operators = operators.ok_or_else(|| malformed("Condition", "an object of operators"))?;
    let mut conditions = Vec::new();
    for (name, keys) in operators {
        let operator = Operator::parse(name).map_err(|reason| Problem::refused("Condition", name, reason))?;
        let keys = keys.as_object().filter(|keys| !keys.is_empty());
        for (key, values) in keys.ok_or_else(|| malformed(name, "an object of condition keys"))? {
            conditions.push(condition(operator, key, values, effect)?);
        }
    }
    Ok(conditions)
}

fn condition(operator: Operator, name: &str, values: &Value, effect: Effect) -> Result<Condition, Problem> {
    let key = global_keys::parse(name).map_err(|reason| Problem::refused("Condition", name, reason))?;
    let is_single = operator.quantifier == Quantifier::Single && operator.family != Family::Null;
    if is_single && global_keys::has_several_values(&key) {
        let reason = "has several values, and needs ForAllValues: or ForAnyValue: before its operator";
        return Err(Problem::refused("Condition", name, reason));
    }
    let values = scalars(values, name)?;
    let test =
        operator.family.read(&values).map_err(|(value, reason)| Problem::refused(name, value, reason))?;
    Ok(Condition { operator, key, test, effect })
}

impl Condition {
    /// The key that it reads.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The keys of the variables in its values.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        let patterns = if let Test::Text(patterns, _) = &self.test { patterns.as_ref() } else { &[] };
        patterns.iter().flat_map(|pattern| pattern.variables())
    }

    /// Whether it does, for the keys of a request.
    ///
    /// AWS: IAM JSON policy elements: Condition operators,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>;
    /// Set operators for multivalued context keys,
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
    pub(super) fn holds(&self, keys: &Keys<'_>) -> bool {
        let values = keys.get(&self.key);
        if let Test::Null(missing) = self.test {
            return missing == is_null(values);
        }
        let Some(values) = values.filter(|values| !values.is_empty()) else {
            return self.holds_without_a_value();
        };
        let satisfies = |value: &String| self.test.fits(value, keys) != self.operator.is_negated;
        match (self.operator.quantifier, values) {
            (Quantifier::Single, [value]) => satisfies(value),
            // The documents demand an operator for sets here, and do not say what happens without: the reading that
            // allows less.
            (Quantifier::Single, values) => match self.effect {
                Effect::Allow => values.iter().all(satisfies),
                Effect::Deny => values.iter().any(satisfies),
            },
            (Quantifier::All, values) => is_null(Some(values)) || values.iter().all(satisfies),
            (Quantifier::Any, values) => !is_null(Some(values)) && values.iter().any(satisfies),
        }
    }

    fn holds_without_a_value(&self) -> bool {
        self.operator.if_exists
            || match self.operator.quantifier {
                Quantifier::Single => self.operator.is_negated,
                Quantifier::All => true,
                Quantifier::Any => false,
            }
    }
}
