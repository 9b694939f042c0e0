//! A consumer handles the events that its rules let through, says what each costs, and can continue if it says so.

use super::rules::matched;
use crate::ContractError;
use crate::catalogue::PublishedLanguage;
use crate::consumer::{Feed, Subscription};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsumerError {
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
    #[error(
        "{function} may continue, and Lambda stops functions that feed themselves; set its RecursiveLoop to Allow"
    )]
    Loop { function: String },
}

pub(crate) fn consumer(
    feed: &Feed<'_>,
    description: &Subscription,
    language: &PublishedLanguage,
) -> Result<(), ContractError> {
    check_events(feed, description, language)?;
    check_costs(feed, description)?;
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

fn check_continuation(feed: &Feed<'_>, description: &Subscription) -> Result<(), ConsumerError> {
    if !description.continues {
        return Ok(());
    }
    let function = feed.function.logical_id.clone();
    if feed.function.environment.get("QUEUE_URL") != Some(&feed.queue.url) {
        return Err(ConsumerError::Continuation { function, queue: feed.queue.logical_id.clone() });
    }
    if !feed.function.allows_recursive_loop {
        return Err(ConsumerError::Loop { function });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cloud::model::{Function, Stack};
    use serde_json::json;

    use super::*;
    use crate::fixtures;

    fn check(stack: &Stack, description: &Subscription) -> Result<(), String> {
        consumer(&crate::consumer::feeds(stack)[0], description, &fixtures::language())
            .map_err(|error| error.to_string())
    }

    /// What is said of the fixtures' consumer after a change.
    fn refusal(change: impl FnOnce(&mut Stack, &mut Subscription)) -> String {
        let (mut stack, mut description) = (fixtures::stack(), fixtures::subscription());
        change(&mut stack, &mut description);
        check(&stack, &description).unwrap_err()
    }

    fn notify(stack: &mut Stack) -> &mut Function {
        stack.functions.iter_mut().find(|function| function.logical_id == "NotifyFunction").unwrap()
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
        let another = refusal(|stack, _| {
            let url = "https://sqs.eu-west-1.amazonaws.com/1/other".to_owned();
            notify(stack).environment.insert("QUEUE_URL".to_owned(), url);
        });
        assert_eq!(another, expected);
        assert_eq!(refusal(|stack, _| notify(stack).environment.clear()), expected);
    }

    #[test]
    fn a_consumer_that_continues_may_feed_itself() {
        let refused = refusal(|stack, _| notify(stack).allows_recursive_loop = false);
        assert!(refused.starts_with("NotifyFunction may continue, and Lambda stops functions"), "{refused}");
    }

    #[test]
    fn a_consumer_that_does_not_continue_needs_neither() {
        let (mut stack, mut description) = (fixtures::stack(), fixtures::subscription());
        let function = notify(&mut stack);
        function.environment.clear();
        function.allows_recursive_loop = false;
        description.continues = false;
        assert_eq!(check(&stack, &description), Ok(()));
    }
}
