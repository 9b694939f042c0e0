//! A consumer: a function that a queue feeds, with the description that its binary prints.

use std::fmt;

use cloud::model::{Function, Queue, QueueSource, Rule, Stack};
use serde::Deserialize;

use crate::catalogue::Catalogue;
use crate::checks;
use crate::describe::{self, Binaries, Cost, Printed};
use crate::{ContractError, access_class, template};

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
    pub description: Subscription,
}

/// What a consumer's binary prints when it is started with the argument `describe`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subscription {
    pub kind: Kind,
    /// Of the sessions that it opens for tenants.
    pub access_class: String,
    /// The types of the events that it handles.
    pub events: Vec<String>,
    /// Whether it may send itself a message to go on later.
    pub continues: bool,
    /// Whether it may let an event come again at a later time.
    pub defers: bool,
    /// That must be active in the tenant.
    pub plugin: Option<String>,
    /// Those of `events` that reach it although its plugin is not active.
    pub while_inactive: Vec<String>,
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

/// A function with the queue that feeds it, and the rules of all buses that send to the queue.
pub(crate) struct Feed<'a> {
    pub(crate) source: &'a QueueSource,
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
    let feeds = feeds(stack);
    checks::feeds(&feeds, &catalogue.bus)?;
    let consumers = feeds.into_iter().map(|feed| {
        let description: Subscription = binaries.describe(feed.function)?;
        access_class::vendor(stack, &feed.function.logical_id, &description.access_class)?;
        checks::consumer(&feed, &description, &catalogue.description)?;
        checks::deferral(stack, &feed, &description)?;
        Ok(Consumer {
            function: feed.function.logical_id.clone(),
            binary: feed.function.binary.clone(),
            context: binaries.context::<Subscription>(feed.function)?,
            summary: describe::summary(feed.function)?,
            queue: feed.queue.logical_id.clone(),
            description,
        })
    });
    let consumers: Vec<Consumer> = consumers.collect::<Result<_, ContractError>>()?;
    let defer = consumers.iter().filter(|consumer| consumer.description.defers);
    let defer: Vec<&str> = defer.map(|consumer| consumer.description.access_class.as_str()).collect();
    checks::stray_deferrals(stack, &defer)?;
    Ok(consumers)
}

pub(crate) fn feeds(stack: &Stack) -> Vec<Feed<'_>> {
    let feeds = stack.queue_sources.iter().filter_map(|source| {
        let function = template::function(stack, &source.function)?;
        let queue = stack.queues.iter().find(|queue| queue.arn == source.queue_arn)?;
        let sends = |rule: &&Rule| rule.sends_to(&queue.arn);
        Some(Feed { source, function, queue, rules: stack.rules.iter().filter(sends).collect() })
    });
    feeds.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn a_consumer_is_fed_by_the_rules_of_its_queue() {
        let stack = fixtures::stack();
        let feeds = feeds(&stack);
        let found: Vec<_> = feeds
            .iter()
            .map(|feed| (&*feed.function.logical_id, &*feed.queue.logical_id, feed.rules.len()))
            .collect();
        assert_eq!(found, [("NotifyFunction", "NotifyQueue", 1)]);
        assert_eq!(feeds[0].rules[0].logical_id, "NotifyRule");
    }
}
