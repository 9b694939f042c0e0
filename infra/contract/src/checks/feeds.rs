//! How the template feeds consumers: each has a queue of its own, which holds the events of the bus for it until it has
//! handled them, or cannot.

use std::time::Duration;

use cloud::model::EventBus;

use crate::consumer::Feed;

/// Of a consumer's time-out, for its answer: the `RESERVE` of `shared/platform/src/events/consume.rs`.
const KEPT_BACK: Duration = Duration::from_secs(2);
/// How many time-outs a message stays invisible, as AWS advises: a throttled batch is tried again in that time.
const TIMEOUTS: u32 = 6;
/// How often a message is at least received before it is given up. During a deploy, a function may get what only the
/// next version of it understands; the deploy has to reach all functions before that message is a dead letter.
const RECEIVES: u32 = 20;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    #[error("{function} is fed by two queues; let its rules send to one")]
    Queues { function: String },
    #[error(
        "{queue} feeds {function} and {other}, and each would get half of its messages; give each a queue of its own"
    )]
    Shared { queue: String, function: String, other: String },
    #[error(
        "{function} may take all of the account's concurrency; give its queue a ScalingConfig with a MaximumConcurrency"
    )]
    Unbounded { function: String },
    #[error(
        "{function} fails or succeeds with its whole batch; set FunctionResponseTypes: [ReportBatchItemFailures]"
    )]
    AllOrNothing { function: String },
    #[error("{function} filters its queue; choose events in the patterns of its rules")]
    Filtered { function: String },
    #[error(
        "{rule} sends events of another bus to {queue}; set its EventBusName to the relay's, or send to another queue"
    )]
    OtherBus { rule: String, queue: String },
    #[error("{function} has {seconds} s, of which two are kept back; set its Timeout to 3 or more")]
    Hurried { function: String, seconds: u64 },
    #[error(
        "{queue} shows a message again before six time-outs of {function}; set its VisibilityTimeout to {seconds} or \
         more"
    )]
    Visibility { function: String, queue: String, seconds: u64 },
    #[error(
        "{queue} has no RedrivePolicy with a maxReceiveCount of {RECEIVES} or more; set it, since a deploy has to reach \
         all functions before a message is given up"
    )]
    Receives { queue: String },
}

pub(crate) fn feeds(feeds: &[Feed<'_>], bus: &EventBus) -> Result<(), FeedError> {
    for (index, feed) in feeds.iter().enumerate() {
        feeds[..index].iter().try_for_each(|other| check_parted(feed, other))?;
        check_source(feed)?;
        check_rules(feed, bus)?;
        check_queue(feed)?;
    }
    Ok(())
}

fn check_parted(feed: &Feed<'_>, other: &Feed<'_>) -> Result<(), FeedError> {
    let function = feed.function.logical_id.clone();
    if feed.function.logical_id == other.function.logical_id {
        return Err(FeedError::Queues { function });
    }
    if feed.queue.arn == other.queue.arn {
        let (queue, other) = (feed.queue.logical_id.clone(), other.function.logical_id.clone());
        return Err(FeedError::Shared { queue, function, other });
    }
    Ok(())
}

fn check_source(feed: &Feed<'_>) -> Result<(), FeedError> {
    let function = feed.function.logical_id.clone();
    // The events of a consumer are derived from its rules alone.
    if !feed.source.filters.is_empty() {
        return Err(FeedError::Filtered { function });
    }
    if feed.source.maximum_concurrency.is_none() {
        return Err(FeedError::Unbounded { function });
    }
    if !feed.source.report_item_failures {
        return Err(FeedError::AllOrNothing { function });
    }
    Ok(())
}

fn check_rules(feed: &Feed<'_>, bus: &EventBus) -> Result<(), FeedError> {
    match feed.rules.iter().find(|rule| rule.bus_arn != bus.arn) {
        Some(rule) => {
            let (rule, queue) = (rule.logical_id.clone(), feed.queue.logical_id.clone());
            Err(FeedError::OtherBus { rule, queue })
        }
        None => Ok(()),
    }
}

fn check_queue(feed: &Feed<'_>) -> Result<(), FeedError> {
    let (function, timeout) = (feed.function.logical_id.clone(), feed.function.timeout);
    if timeout <= KEPT_BACK {
        return Err(FeedError::Hurried { function, seconds: timeout.as_secs() });
    }
    let (queue, least) = (feed.queue.logical_id.clone(), timeout * TIMEOUTS);
    if feed.queue.visibility_timeout < least {
        return Err(FeedError::Visibility { function, queue, seconds: least.as_secs() });
    }
    match &feed.queue.redrive {
        Some(redrive) if redrive.max_receive_count >= RECEIVES => Ok(()),
        _ => Err(FeedError::Receives { queue }),
    }
}

#[cfg(test)]
mod tests {
    use cloud::model::Stack;
    use serde_json::json;

    use super::*;
    use crate::{consumer, fixtures};

    fn check(stack: &Stack) -> Result<(), FeedError> {
        feeds(&consumer::feeds(stack), &fixtures::catalogue().bus)
    }

    /// What is said of the fixtures' consumer after a change.
    fn refusal(change: impl FnOnce(&mut Stack)) -> String {
        let mut stack = fixtures::stack();
        change(&mut stack);
        check(&stack).unwrap_err().to_string()
    }

    fn queue(stack: &mut Stack) -> &mut cloud::model::Queue {
        stack.queues.iter_mut().find(|queue| queue.logical_id == "NotifyQueue").unwrap()
    }

    #[test]
    fn a_consumer_with_a_queue_of_its_own_passes() {
        assert_eq!(check(&fixtures::stack()), Ok(()));
    }

    #[test]
    fn a_consumer_has_one_queue_and_a_queue_one_consumer() {
        let twice = refusal(|stack| stack.queue_sources.push(stack.queue_sources[0].clone()));
        assert_eq!(twice, "NotifyFunction is fed by two queues; let its rules send to one");
        let shared = refusal(|stack| {
            let mut source = stack.queue_sources[0].clone();
            source.function = "RelayFunction".to_owned();
            stack.queue_sources.push(source);
        });
        assert!(
            shared.starts_with("NotifyQueue feeds RelayFunction and NotifyFunction, and each"),
            "{shared}"
        );
    }

    #[test]
    fn a_source_is_bounded_unfiltered_and_reports_single_messages() {
        let filtered = refusal(|stack| {
            stack.queue_sources[0].filters.push(json!({"body": {"source": ["terrace"]}}));
        });
        assert_eq!(filtered, "NotifyFunction filters its queue; choose events in the patterns of its rules");
        let refused = refusal(|stack| stack.queue_sources[0].report_item_failures = false);
        assert!(refused.contains("ReportBatchItemFailures"), "{refused}");
        let refused = refusal(|stack| stack.queue_sources[0].maximum_concurrency = None);
        assert!(refused.contains("MaximumConcurrency"), "{refused}");
    }

    #[test]
    fn a_rule_of_another_bus_sends_to_no_consumer() {
        let refused = refusal(|stack| {
            let mut other = stack.rules[0].clone();
            (other.logical_id, other.bus_arn) = ("OtherRule".to_owned(), "another bus".to_owned());
            stack.rules.push(other);
        });
        assert!(refused.starts_with("OtherRule sends events of another bus to NotifyQueue; "), "{refused}");
    }

    #[test]
    fn a_message_is_invisible_for_six_timeouts() {
        let refused = refusal(|stack| queue(stack).visibility_timeout = Duration::from_secs(179));
        let expected = "NotifyQueue shows a message again before six time-outs of NotifyFunction; \
                        set its VisibilityTimeout to 180 or more";
        assert_eq!(refused, expected);
    }

    #[test]
    fn a_message_is_received_often_before_it_is_given_up() {
        let expected = "NotifyQueue has no RedrivePolicy with a maxReceiveCount of 20 or more; set it, since a deploy \
                        has to reach all functions before a message is given up";
        let seldom = refusal(|stack| queue(stack).redrive.as_mut().unwrap().max_receive_count = 19);
        assert_eq!(seldom, expected);
        assert_eq!(refusal(|stack| queue(stack).redrive = None), expected);
    }

    #[test]
    fn a_consumer_has_more_time_than_what_is_kept_back() {
        let refused = refusal(|stack| {
            for function in &mut stack.functions {
                function.timeout = KEPT_BACK;
            }
        });
        let expected = "NotifyFunction has 2 s, of which two are kept back; set its Timeout to 3 or more";
        assert_eq!(refused, expected);
    }
}
