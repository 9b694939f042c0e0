//! A consumer: a function that a queue feeds, with the description that its binary prints.

use std::fmt;
use std::time::Duration;

use cloud::model::{Function, Queue, Rule, Stack};
use serde::Deserialize;

use crate::catalogue::Catalogue;
use crate::checks::{self, ConsumerError};
use crate::describe::{self, Binaries, Cost, Printed};
use crate::{ContractError, template};

#[derive(Debug, Clone)]
pub struct Consumer {
    /// The logical id of the function.
    pub function: String,
    pub binary: String,
    /// The crate below `functions` that contains the binary.
    pub context: String,
    /// The function's `Description` in the template.
    pub summary: String,
    /// The logical id of the queue.
    pub queue: String,
    /// The logical ids of the rules that send to the queue.
    pub rules: Vec<String>,
    pub timeout: Duration,
    pub description: Subscription,
}

/// What a consumer's binary prints when it is started with the argument `describe`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subscription {
    pub kind: Kind,
    /// The types of the events that it handles.
    pub events: Vec<String>,
    /// Whether it may send itself a message to go on later.
    pub continues: bool,
    /// By cases, which begin with a type of `events`.
    pub costs: Vec<Cost>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    Projection,
    Reaction,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Kind::Projection => "projection",
            Kind::Reaction => "reaction",
        })
    }
}

impl Printed for Subscription {
    const HOW: &str = "consume";
}

/// A function with the queue that feeds it, and the rules that send to the queue.
pub(crate) struct Feed<'a> {
    pub(crate) function: &'a Function,
    pub(crate) queue: &'a Queue,
    pub(crate) rules: Vec<&'a Rule>,
}

/// Collects the descriptions of all functions that queues feed, in the order of the template.
pub(crate) fn consumers(
    stack: &Stack,
    binaries: Binaries<'_>,
    catalogue: &Catalogue,
) -> Result<Vec<Consumer>, ContractError> {
    let consumers = feeds(stack, catalogue)?.into_iter().map(|feed| {
        let description: Subscription = binaries.describe(feed.function)?;
        checks::consumer(&feed, &description, &catalogue.description)?;
        Ok(Consumer {
            function: feed.function.logical_id.clone(),
            binary: feed.function.binary.clone(),
            context: binaries.context::<Subscription>(feed.function)?,
            summary: describe::summary(feed.function)?,
            queue: feed.queue.logical_id.clone(),
            rules: feed.rules.iter().map(|rule| rule.logical_id.clone()).collect(),
            timeout: feed.function.timeout,
            description,
        })
    });
    consumers.collect()
}

fn feeds<'a>(stack: &'a Stack, catalogue: &Catalogue) -> Result<Vec<Feed<'a>>, ContractError> {
    let mut feeds: Vec<Feed<'a>> = Vec::new();
    for source in &stack.queue_sources {
        let function = template::function(stack, &source.function);
        let queue = stack.queues.iter().find(|queue| queue.arn == source.queue_arn);
        let (Some(function), Some(queue)) = (function, queue) else { continue };
        if feeds.iter().any(|feed| feed.function.logical_id == function.logical_id) {
            return Err(ConsumerError::Queues { function: function.logical_id.clone() }.into());
        }
        // The events of a consumer are derived from its rules alone.
        if !source.filters.is_empty() {
            return Err(ConsumerError::Filtered { function: function.logical_id.clone() }.into());
        }
        if source.maximum_concurrency.is_none() {
            return Err(ConsumerError::Unbounded { function: function.logical_id.clone() }.into());
        }
        if !source.report_item_failures {
            return Err(ConsumerError::AllOrNothing { function: function.logical_id.clone() }.into());
        }
        let sends =
            |rule: &&Rule| rule.bus_arn == catalogue.bus.arn && rule.target_queue_arns.contains(&queue.arn);
        feeds.push(Feed { function, queue, rules: stack.rules.iter().filter(sends).collect() });
    }
    Ok(feeds)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixtures;

    #[test]
    fn a_consumer_is_fed_by_the_rules_of_its_queue() {
        let stack = fixtures::stack();
        let feeds = feeds(&stack, &fixtures::catalogue()).unwrap();
        let found: Vec<_> = feeds
            .iter()
            .map(|feed| (&*feed.function.logical_id, &*feed.queue.logical_id, feed.rules.len()))
            .collect();
        assert_eq!(found, [("NotifyFunction", "NotifyQueue", 1)]);
        assert_eq!(feeds[0].rules[0].logical_id, "NotifyRule");
    }

    #[test]
    fn a_consumer_has_one_queue_without_a_filter() {
        let mut stack = fixtures::stack();
        stack.queue_sources.push(stack.queue_sources[0].clone());
        let refused = feeds(&stack, &fixtures::catalogue()).err().unwrap().to_string();
        assert_eq!(refused, "NotifyFunction is fed by two queues; let its rules send to one");
        stack.queue_sources.truncate(1);
        stack.queue_sources[0].filters.push(json!({"body": {"source": ["terrace"]}}));
        let refused = feeds(&stack, &fixtures::catalogue()).err().unwrap().to_string();
        assert_eq!(refused, "NotifyFunction filters its queue; choose events in the patterns of its rules");
    }

    #[test]
    fn a_consumer_is_bounded_and_reports_single_messages() {
        let mut stack = fixtures::stack();
        stack.queue_sources[0].report_item_failures = false;
        let refused = feeds(&stack, &fixtures::catalogue()).err().unwrap().to_string();
        assert!(refused.contains("ReportBatchItemFailures"), "{refused}");
        stack.queue_sources[0].maximum_concurrency = None;
        let refused = feeds(&stack, &fixtures::catalogue()).err().unwrap().to_string();
        assert!(refused.contains("MaximumConcurrency"), "{refused}");
    }
}
