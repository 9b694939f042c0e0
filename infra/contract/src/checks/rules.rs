//! Rules choose events by their types, and each value of a pattern is met by an event of the catalogue.

use cloud::model::{Rule, Stack};
use cloud::{PatternError, rule_matches};
use serde_json::{Map, Value, json};

use crate::catalogue::{Catalogue, PublishedLanguage};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    #[error("{rule} chooses by {field}; choose by source and detail-type")]
    Field { rule: String, field: String },
    #[error(
        "{rule} chooses the {field} {value}, which no event of the catalogue has; mend it, or add the event"
    )]
    Unknown { rule: String, field: String, value: Value },
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
    for (field, value) in choices(rule, fields)? {
        // Beside other values, a misspelt one would not be missed.
        if matched_by(&json!({ field: [value] }), rule, language)?.is_empty() {
            let (rule, field, value) = (rule.logical_id.clone(), field.to_owned(), value.clone());
            return Err(RuleError::Unknown { rule, field, value });
        }
    }
    if matched(rule, language)?.is_empty() {
        return Err(RuleError::MatchesNothing { rule: rule.logical_id.clone() });
    }
    Ok(())
}

/// The types that the rule lets through.
pub(super) fn matched<'a>(rule: &Rule, language: &'a PublishedLanguage) -> Result<Vec<&'a str>, RuleError> {
    matched_by(&rule.pattern, rule, language)
}

fn matched_by<'a>(
    pattern: &Value,
    rule: &Rule,
    language: &'a PublishedLanguage,
) -> Result<Vec<&'a str>, RuleError> {
    let mut found = Vec::new();
    for event_type in language.types() {
        let event = json!({ "source": language.source, "detail-type": event_type, "detail": {} });
        let matches = rule_matches(pattern, &event)
            .map_err(|reason| RuleError::Pattern { rule: rule.logical_id.clone(), reason })?;
        if matches {
            found.push(event_type);
        }
    }
    Ok(found)
}

/// All that the pattern accepts, each with its field, also below `$or`.
fn choices<'a>(
    rule: &Rule,
    mut open: Vec<&'a Map<String, Value>>,
) -> Result<Vec<(&'a str, &'a Value)>, RuleError> {
    let mut found = Vec::new();
    while let Some(fields) = open.pop() {
        for (field, value) in fields {
            let items = value.as_array().into_iter().flatten();
            match field.as_str() {
                "source" | "detail-type" => found.extend(items.map(|item| (field.as_str(), item))),
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
    fn a_value_that_no_event_has_is_refused_by_its_name() {
        for (field, value, choices) in [
            ("detail-type", r#""order.plased""#, json!(["order.confirmed", "order.plased"])),
            ("detail-type", r#"{"prefix":"ordr."}"#, json!(["order.confirmed", {"prefix": "ordr."}])),
            ("source", r#""terace""#, json!(["terrace", "terace"])),
            ("source", r#"{"prefix":"aws."}"#, json!([{"prefix": "terr"}, {"prefix": "aws."}])),
        ] {
            let expected = format!(
                "NotifyRule chooses the {field} {value}, which no event of the catalogue has; mend it, or add the event"
            );
            assert_eq!(refusal(json!({ field: choices })), expected);
            let others = json!({"source": ["terrace"], "detail-type": ["order.placed"]});
            assert_eq!(refusal(json!({"$or": [others, { field: choices }]})), expected);
        }
    }

    #[test]
    fn a_rule_that_matches_no_type_is_refused() {
        let expected = "NotifyRule matches no type of the catalogue; mend its pattern, or remove it";
        assert_eq!(refusal(json!({"source": ["terrace"], "detail-type": {"order": ["placed"]}})), expected);
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
