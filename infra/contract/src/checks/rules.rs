//! Rules choose events by their types, and each name in a pattern is a type of the catalogue.

use cloud::model::{Rule, Stack};
use cloud::{PatternError, rule_matches};
use serde_json::{Map, Value, json};

use crate::catalogue::{Catalogue, PublishedLanguage};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("{rule} chooses by {field}; choose by source and detail-type")]
    Field { rule: String, field: String },
    #[error("{rule} names {name}, which is no type of the catalogue; mend the name, or add the type")]
    UnknownType { rule: String, name: String },
    #[error("{rule} matches no type of the catalogue; mend its pattern, or remove it")]
    MatchesNothing { rule: String },
    #[error("{rule}: {reason}; write its pattern with the operators of event patterns")]
    Pattern { rule: String, reason: PatternError },
}

/// Checks the rules of the bus that the relay publishes to.
pub(crate) fn rules(stack: &Stack, catalogue: &Catalogue) -> Result<(), RuleError> {
    let rules = stack.rules.iter().filter(|rule| rule.bus_arn == catalogue.bus.arn);
    for rule in rules {
        check(rule, &catalogue.description)?;
    }
    Ok(())
}

fn check(rule: &Rule, language: &PublishedLanguage) -> Result<(), RuleError> {
    let fields = rule.pattern.as_object().into_iter().collect();
    for choice in choices(rule, fields)? {
        check_choice(rule, choice, language)?;
    }
    if matched(rule, language)?.is_empty() {
        return Err(RuleError::MatchesNothing { rule: rule.logical_id.clone() });
    }
    Ok(())
}

/// The types that the rule lets through.
pub(super) fn matched<'a>(rule: &Rule, language: &'a PublishedLanguage) -> Result<Vec<&'a str>, RuleError> {
    let mut found = Vec::new();
    for event_type in language.types() {
        if matches(rule, &rule.pattern, &language.source, event_type)? {
            found.push(event_type);
        }
    }
    Ok(found)
}

fn matches(rule: &Rule, pattern: &Value, source: &str, event_type: &str) -> Result<bool, RuleError> {
    let event = json!({ "source": source, "detail-type": event_type, "detail": {} });
    rule_matches(pattern, &event)
        .map_err(|reason| RuleError::Pattern { rule: rule.logical_id.clone(), reason })
}

/// All that the pattern accepts as a `detail-type`, also below `$or`.
fn choices<'a>(rule: &Rule, mut open: Vec<&'a Map<String, Value>>) -> Result<Vec<&'a Value>, RuleError> {
    let mut found = Vec::new();
    while let Some(fields) = open.pop() {
        for (field, value) in fields {
            let items = value.as_array().into_iter().flatten();
            match field.as_str() {
                "source" => {}
                "detail-type" => found.extend(items),
                "$or" => open.extend(items.filter_map(Value::as_object)),
                other => {
                    let (rule, field) = (rule.logical_id.clone(), other.to_owned());
                    return Err(RuleError::Field { rule, field });
                }
            }
        }
    }
    Ok(found)
}

fn check_choice(rule: &Rule, choice: &Value, language: &PublishedLanguage) -> Result<(), RuleError> {
    let alone = json!({ "detail-type": [choice] });
    let mut meets_a_type = false;
    for event_type in language.types() {
        meets_a_type |= matches(rule, &alone, &language.source, event_type)?;
    }
    let unknown = excluded(choice).find(|name| !language.has(name)).map(str::to_owned);
    match unknown.or_else(|| (!meets_a_type).then(|| name(choice))) {
        Some(name) => Err(RuleError::UnknownType { rule: rule.logical_id.clone(), name }),
        None => Ok(()),
    }
}

/// A misspelt name that is excluded would exclude nothing.
fn excluded(choice: &Value) -> impl Iterator<Item = &str> {
    let operand = &choice["anything-but"];
    operand.as_array().map_or(std::slice::from_ref(operand), Vec::as_slice).iter().filter_map(Value::as_str)
}

fn name(choice: &Value) -> String {
    choice.as_str().map_or_else(|| choice.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn rule(pattern: Value) -> Rule {
        let mut rule = fixtures::stack().rules.remove(0);
        rule.pattern = pattern;
        rule
    }

    fn refusal(pattern: Value) -> String {
        check(&rule(pattern), &fixtures::language()).unwrap_err().to_string()
    }

    #[test]
    fn a_rule_chooses_by_source_and_type() {
        for (pattern, expected) in [
            (json!({"source": ["terrace"]}), 3),
            (json!({"detail-type": ["order.placed"]}), 1),
            (json!({"source": ["terrace"], "detail-type": [{"prefix": "order."}]}), 2),
            (json!({"detail-type": [{"anything-but": ["order.placed"]}]}), 2),
            (json!({"$or": [{"detail-type": ["order.placed"]}, {"detail-type": ["user.registered"]}]}), 2),
        ] {
            let rule = rule(pattern);
            let language = fixtures::language();
            assert_eq!(check(&rule, &language), Ok(()), "{}", rule.pattern);
            assert_eq!(matched(&rule, &language).unwrap().len(), expected, "{}", rule.pattern);
        }
    }

    #[test]
    fn no_other_field_may_choose() {
        for (field, pattern) in [
            ("detail", json!({"source": ["terrace"], "detail": {"version": [2]}})),
            ("account", json!({"$or": [{"account": ["1"]}, {"source": ["terrace"]}]})),
        ] {
            assert_eq!(
                refusal(pattern),
                format!("NotifyRule chooses by {field}; choose by source and detail-type")
            );
        }
    }

    #[test]
    fn a_name_that_is_no_type_is_refused() {
        for (name, choices) in [
            ("order.plased", json!(["order.confirmed", "order.plased"])),
            (r#"{"prefix":"ordr."}"#, json!(["order.confirmed", {"prefix": "ordr."}])),
            ("order.plased", json!([{"anything-but": ["order.plased"]}])),
            ("order.plased", json!([{"anything-but": "order.plased"}])),
        ] {
            let expected = format!(
                "NotifyRule names {name}, which is no type of the catalogue; mend the name, or add the type"
            );
            let below_or = json!({"$or": [{"source": ["terrace"]}, {"detail-type": choices}]});
            assert_eq!(refusal(below_or), expected);
            assert_eq!(refusal(json!({"source": ["terrace"], "detail-type": choices})), expected);
        }
    }

    #[test]
    fn a_rule_that_matches_no_type_is_refused() {
        let expected = "NotifyRule matches no type of the catalogue; mend its pattern, or remove it";
        assert_eq!(refusal(json!({"source": ["terace"]})), expected);
        assert_eq!(refusal(json!({"source": ["terace"], "detail-type": ["order.placed"]})), expected);
    }

    #[test]
    fn a_pattern_that_cannot_be_read_is_refused() {
        let message = refusal(json!({"detail-type": [{"regex": "order"}]}));
        assert!(message.starts_with("NotifyRule: the operator \"regex\" is none of"), "{message}");
    }

    #[test]
    fn the_rules_of_the_relay_s_bus_are_checked() {
        let (mut stack, catalogue) = (fixtures::stack(), fixtures::catalogue());
        assert_eq!(rules(&stack, &catalogue), Ok(()));
        stack.rules[0].pattern = json!({"source": ["aws.s3"]});
        assert!(rules(&stack, &catalogue).is_err());
        stack.rules[0].bus_arn = "another bus".to_owned();
        assert_eq!(rules(&stack, &catalogue), Ok(()));
    }
}
