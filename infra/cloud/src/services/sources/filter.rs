//! Filters of event sources. As in Lambda, a record passes if one of the patterns matches.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::model::Stack;
use crate::pattern::{Dialect, Pattern, PatternError};

#[derive(Debug, thiserror::Error)]
#[error("{source_id}: its filter is not supported here: {reason}")]
pub struct FilterError {
    source_id: String,
    reason: PatternError,
}

#[derive(Default)]
pub(crate) struct Filter {
    patterns: Vec<FilterPattern>,
}

struct FilterPattern {
    pattern: Pattern,
    /// Whether the pattern refers to fields of a message's body, which is then parsed as JSON.
    reads_body: bool,
}

impl Filter {
    fn compile(patterns: &[Value]) -> Result<Filter, PatternError> {
        let compile = |pattern: &Value| {
            Ok(FilterPattern {
                pattern: Pattern::compile(pattern, Dialect::SourceFilter)?,
                reads_body: pattern["body"].is_object(),
            })
        };
        Ok(Filter { patterns: patterns.iter().map(compile).collect::<Result<_, _>>()? })
    }

    /// `record` is JSON.
    pub(super) fn matches(&self, record: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|pattern| pattern.matches(record))
    }
}

impl FilterPattern {
    fn matches(&self, record: &str) -> bool {
        if !self.reads_body {
            return self.pattern.matches(record.as_bytes());
        }
        let read = |text: &str| serde_json::from_str::<Value>(text).ok();
        let with_body = || {
            let mut record = read(record)?;
            record["body"] = read(record["body"].as_str()?)?;
            Some(record.to_string())
        };
        with_body().is_some_and(|record| self.pattern.matches(record.as_bytes()))
    }
}

/// The filters of all event sources, by logical id.
#[derive(Default)]
pub(crate) struct Filters(HashMap<String, Arc<Filter>>);

impl Filters {
    pub(crate) fn compile(stack: &Stack) -> Result<Filters, FilterError> {
        let streams = stack.stream_sources.iter().map(|source| (&source.logical_id, &source.filters));
        let queues = stack.queue_sources.iter().map(|source| (&source.logical_id, &source.filters));
        let compile = |(id, patterns): (&String, &Vec<Value>)| match Filter::compile(patterns) {
            Ok(filter) => Ok((id.clone(), Arc::new(filter))),
            Err(reason) => Err(FilterError { source_id: id.clone(), reason }),
        };
        Ok(Filters(streams.chain(queues).map(compile).collect::<Result<_, _>>()?))
    }

    pub(super) fn of(&self, source_id: &str) -> Arc<Filter> {
        self.0.get(source_id).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(filter: &Filter, record: Value) -> bool {
        filter.matches(&record.to_string())
    }

    #[test]
    fn stream_records_are_matched_as_they_are() {
        let filter = Filter::compile(&[
            json!({"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "e#"}]}}}}),
        ])
        .unwrap();
        let record =
            |name: &str, sk: &str| json!({"eventName": name, "dynamodb": {"Keys": {"sk": {"S": sk}}}});
        assert!(matches(&filter, record("INSERT", "e#0000000001")));
        assert!(!matches(&filter, record("MODIFY", "e#0000000001")));
        assert!(!matches(&filter, record("INSERT", "profile")));
    }

    #[test]
    fn a_message_body_is_read_when_the_filter_looks_into_it() {
        let filter =
            Filter::compile(&[json!({"body": {"kind": ["a"]}}), json!({"body": ["plain"]})]).unwrap();
        assert!(matches(&filter, json!({"body": r#"{"kind":"a"}"#})));
        assert!(matches(&filter, json!({"body": "plain"})));
        assert!(!matches(&filter, json!({"body": r#"{"kind":"b"}"#})));
        assert!(!matches(&filter, json!({"body": "other"})));
    }
}
