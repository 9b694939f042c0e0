//! A consumer handles the events that its rules let through, says what each costs, and has the time that it needs.

use std::time::Duration;

use super::rules::matched;
use crate::ContractError;
use crate::catalogue::PublishedLanguage;
use crate::consumer::{Feed, Subscription};

/// Of a consumer's time-out. Each message gets what is left.
const KEPT_BACK: Duration = Duration::from_secs(2);
/// How many time-outs a message stays invisible, as AWS advises: a throttled batch is tried again in that time.
const TIMEOUTS: u32 = 6;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsumerError {
    #[error("{function} is fed by two queues; let its rules send to one")]
    Queues { function: String },
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
    #[error("{function} handles {event}, which is no type of the catalogue; mend the name, or add the type")]
    UnknownEvent { function: String, event: String },
    #[error(
        "{rule} lets {event} through, which {function} does not handle; handle it, or narrow the pattern"
    )]
    Unhandled { function: String, rule: String, event: String },
    #[error(
        "{function} handles {event}, which no rule lets through to {queue}; add it to a pattern, or remove it"
    )]
    NotLetThrough { function: String, queue: String, event: String },
    #[error("{function} says no cost of {event}; add one with a case that begins with the type")]
    NoCost { function: String, event: String },
    #[error(
        "{function} says a cost of \"{case}\"; begin the case with a type that it handles, then \", \" and words"
    )]
    StrayCost { function: String, case: String },
    #[error("{function} may continue, and has no QUEUE_URL of its own queue; set it to !Ref {queue}")]
    Continuation { function: String, queue: String },
    #[error("{function} has {seconds} s, of which two are kept back; set its Timeout to 3 or more")]
    Hurried { function: String, seconds: u64 },
    #[error(
        "{queue} shows a message again before six time-outs of {function}; set its VisibilityTimeout to {seconds} or \
         more"
    )]
    Visibility { function: String, queue: String, seconds: u64 },
}

pub(crate) fn consumer(
    feed: &Feed<'_>,
    description: &Subscription,
    language: &PublishedLanguage,
) -> Result<(), ContractError> {
    check_events(feed, description, language)?;
    check_costs(feed, description)?;
    check_times(feed)?;
    check_continuation(feed, description)?;
    Ok(())
}

fn check_events(
    feed: &Feed<'_>,
    description: &Subscription,
    language: &PublishedLanguage,
) -> Result<(), ContractError> {
    let function = feed.function.logical_id.clone();
    if let Some(event) = description.events.iter().find(|event| !language.has(event)) {
        return Err(ConsumerError::UnknownEvent { function, event: event.clone() }.into());
    }
    let mut let_through = Vec::new();
    for rule in &feed.rules {
        let matched = matched(rule, language)?;
        if let Some(event) = matched.iter().find(|event| !description.events.iter().any(|own| own == *event))
        {
            let (rule, event) = (rule.logical_id.clone(), (*event).to_owned());
            return Err(ConsumerError::Unhandled { function, rule, event }.into());
        }
        let_through.extend(matched);
    }
    match description.events.iter().find(|event| !let_through.contains(&event.as_str())) {
        Some(event) => {
            let (queue, event) = (feed.queue.logical_id.clone(), event.clone());
            Err(ConsumerError::NotLetThrough { function, queue, event }.into())
        }
        None => Ok(()),
    }
}

fn check_costs(feed: &Feed<'_>, description: &Subscription) -> Result<(), ConsumerError> {
    // A case without a text is that of every event.
    let is_of = |case: &str, event: &str| {
        case.is_empty()
            || case.strip_prefix(event).is_some_and(|rest| rest.is_empty() || rest.starts_with(", "))
    };
    let (events, costs) = (&description.events, &description.costs);
    let function = feed.function.logical_id.clone();
    if let Some(stray) = costs.iter().find(|cost| !events.iter().any(|event| is_of(&cost.case, event))) {
        return Err(ConsumerError::StrayCost { function, case: stray.case.clone() });
    }
    match events.iter().find(|event| !costs.iter().any(|cost| is_of(&cost.case, event))) {
        Some(event) => Err(ConsumerError::NoCost { function, event: event.clone() }),
        None => Ok(()),
    }
}

fn check_times(feed: &Feed<'_>) -> Result<(), ConsumerError> {
    let (function, timeout) = (feed.function.logical_id.clone(), feed.function.timeout);
    if timeout <= KEPT_BACK {
        return Err(ConsumerError::Hurried { function, seconds: timeout.as_secs() });
    }
    let least = timeout * TIMEOUTS;
    if feed.queue.visibility_timeout < least {
        let queue = feed.queue.logical_id.clone();
        return Err(ConsumerError::Visibility { function, queue, seconds: least.as_secs() });
    }
    Ok(())
}

fn check_continuation(feed: &Feed<'_>, description: &Subscription) -> Result<(), ConsumerError> {
    let own = feed.function.environment.get("QUEUE_URL") == Some(&feed.queue.url);
    if description.continues && !own {
        let (function, queue) = (feed.function.logical_id.clone(), feed.queue.logical_id.clone());
        return Err(ConsumerError::Continuation { function, queue });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cloud::model::Stack;
    use serde_json::json;

    use super::*;
    use crate::fixtures;

    fn check(stack: &Stack, description: &Subscription) -> Result<(), String> {
        let rules = stack.rules.iter().collect();
        let queue = stack.queues.iter().find(|queue| queue.logical_id == "NotifyQueue").unwrap();
        let feed = Feed { function: fixtures::notify(stack), queue, rules };
        consumer(&feed, description, &fixtures::language()).map_err(|error| error.to_string())
    }

    /// What is said of the fixtures' consumer after a change.
    fn refusal(change: impl FnOnce(&mut Stack, &mut Subscription)) -> String {
        let (mut stack, mut description) = (fixtures::stack(), fixtures::subscription());
        change(&mut stack, &mut description);
        check(&stack, &description).unwrap_err()
    }

    #[test]
    fn a_consumer_that_agrees_with_its_rules_passes() {
        assert_eq!(check(&fixtures::stack(), &fixtures::subscription()), Ok(()));
    }

    #[test]
    fn two_rules_may_share_the_events() {
        let mut stack = fixtures::stack();
        let mut other = stack.rules[0].clone();
        other.pattern = json!({"detail-type": ["order.placed"]});
        stack.rules[0].pattern = json!({"detail-type": ["user.registered"]});
        stack.rules.push(other);
        assert_eq!(check(&stack, &fixtures::subscription()), Ok(()));
    }

    #[test]
    fn an_event_that_the_catalogue_does_not_have_is_refused() {
        let refused = refusal(|_, description| description.events.push("order.lost".to_owned()));
        assert!(
            refused.starts_with("NotifyFunction handles order.lost, which is no type of the"),
            "{refused}"
        );
    }

    #[test]
    fn a_consumer_handles_what_its_rules_let_through() {
        let refused =
            refusal(|stack, _| stack.rules[0].pattern = json!({"detail-type": [{"prefix": "order."}]}));
        assert!(
            refused.starts_with("NotifyRule lets order.confirmed through, which NotifyFunction does not"),
            "{refused}"
        );
    }

    #[test]
    fn a_rule_lets_through_what_the_consumer_handles() {
        let refused = refusal(|stack, _| stack.rules[0].pattern = json!({"detail-type": ["order.placed"]}));
        assert!(
            refused.starts_with("NotifyFunction handles user.registered, which no rule lets through to Not"),
            "{refused}"
        );
        assert!(
            refusal(|stack, _| stack.rules.clear()).contains("which no rule lets through to NotifyQueue")
        );
    }

    #[test]
    fn every_event_has_a_cost() {
        let refused = refusal(|_, description| drop(description.costs.remove(0)));
        assert!(refused.starts_with("NotifyFunction says no cost of order.placed; add one"), "{refused}");
    }

    #[test]
    fn every_cost_is_of_an_event() {
        for case in ["order.confirmed", "order.placedToday", "order.placed late", "at night, order.placed"] {
            let refused = refusal(|_, description| description.costs[0].case = case.to_owned());
            assert!(refused.starts_with(&format!("NotifyFunction says a cost of \"{case}\"; ")), "{refused}");
        }
    }

    #[test]
    fn a_consumer_that_continues_knows_its_own_queue() {
        let expected =
            "NotifyFunction may continue, and has no QUEUE_URL of its own queue; set it to !Ref NotifyQueue";
        let function = |stack: &mut Stack| {
            stack.functions.iter().position(|function| function.logical_id == "NotifyFunction").unwrap()
        };
        let another = refusal(|stack, _| {
            let (at, url) = (function(stack), "https://sqs.eu-west-1.amazonaws.com/1/other".to_owned());
            stack.functions[at].environment.insert("QUEUE_URL".to_owned(), url);
        });
        assert_eq!(another, expected);
        let mut stack = fixtures::stack();
        let at = function(&mut stack);
        stack.functions[at].environment.clear();
        let mut description = fixtures::subscription();
        assert_eq!(check(&stack, &description), Err(expected.to_owned()));
        description.continues = false;
        assert_eq!(check(&stack, &description), Ok(()));
    }

    #[test]
    fn a_message_is_invisible_for_six_timeouts() {
        let refused = refusal(|stack, _| {
            for queue in &mut stack.queues {
                queue.visibility_timeout = Duration::from_secs(179);
            }
        });
        let expected = "NotifyQueue shows a message again before six time-outs of NotifyFunction; \
                        set its VisibilityTimeout to 180 or more";
        assert_eq!(refused, expected);
    }

    #[test]
    fn a_consumer_has_more_time_than_what_is_kept_back() {
        let refused = refusal(|stack, _| {
            for function in &mut stack.functions {
                function.timeout = KEPT_BACK;
            }
        });
        let expected = "NotifyFunction has 2 s, of which two are kept back; set its Timeout to 3 or more";
        assert_eq!(refused, expected);
    }
}
