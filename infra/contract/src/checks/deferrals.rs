//! A consumer that defers events has the due ledger, and the function that sends what is due knows its queue.

use std::collections::BTreeMap;

use cloud::model::{Function, Stack};

use crate::consumer::{Feed, Subscription};

/// The due ledger, of a consumer.
const LEDGER: &str = "DUE_TABLE";
/// The queues of consumers that defer, of the function that sends what is due: `QUEUES` of
/// `shared/platform/src/events/due.rs`.
const QUEUES: &str = "DUE_QUEUES";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeferralError {
    #[error("{function} may defer events, and has no DUE_TABLE; set it to the !Ref of the due ledger")]
    Ledger { function: String },
    #[error(
        "{function} may defer events, and nothing sends what is due; add {name}=${{{queue}}} to DUE_QUEUES"
    )]
    Queue { function: String, name: String, queue: String },
    #[error("{function} sends what is due to {name}, which defers no event; remove it from DUE_QUEUES")]
    Stray { function: String, name: String },
}

pub(crate) fn deferral(
    stack: &Stack,
    feed: &Feed<'_>,
    description: &Subscription,
) -> Result<(), DeferralError> {
    if !description.defers {
        return Ok(());
    }
    let function = feed.function.logical_id.clone();
    if !feed.function.environment.contains_key(LEDGER) {
        return Err(DeferralError::Ledger { function });
    }
    let name = &description.access_class;
    let sends = |sender: &Function| queues(sender).get(name.as_str()) == Some(&feed.queue.url.as_str());
    match stack.functions.iter().any(sends) {
        true => Ok(()),
        false => {
            let (name, queue) = (name.clone(), feed.queue.logical_id.clone());
            Err(DeferralError::Queue { function, name, queue })
        }
    }
}

/// `defer` are the names of the consumers that defer events.
pub(crate) fn stray_deferrals(stack: &Stack, defer: &[&str]) -> Result<(), DeferralError> {
    let mut named = stack.functions.iter().flat_map(|function| {
        queues(function).into_keys().map(move |name| (function.logical_id.clone(), name.to_owned()))
    });
    match named.find(|(_, name)| !defer.contains(&name.as_str())) {
        Some((function, name)) => Err(DeferralError::Stray { function, name }),
        None => Ok(()),
    }
}

/// By the name of the consumer.
fn queues(function: &Function) -> BTreeMap<&str, &str> {
    let named = function.environment.get(QUEUES).map(String::as_str).unwrap_or_default();
    named.split_whitespace().filter_map(|entry| entry.split_once('=')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    /// What is said of the fixtures' consumer when it defers, and these variables are set.
    fn check(ledger: Option<&str>, queues: Option<&str>) -> Result<(), String> {
        let (mut stack, mut description) = (fixtures::stack(), fixtures::subscription());
        description.defers = true;
        let url = fixtures::queue_url(&stack);
        for (name, variable, value) in [("NotifyFunction", LEDGER, ledger), ("RelayFunction", QUEUES, queues)]
        {
            let function = stack.functions.iter_mut().find(|function| function.logical_id == name).unwrap();
            let value = value.map(|value| (variable.to_owned(), value.replace("$URL", &url)));
            function.environment.extend(value);
        }
        let feeds = crate::consumer::feeds(&stack);
        deferral(&stack, &feeds[0], &description).map_err(|error| error.to_string())
    }

    #[test]
    fn a_consumer_that_defers_has_the_ledger_and_is_sent_what_is_due() {
        assert_eq!(check(Some("terrace-Due"), Some("other=x notify=$URL")), Ok(()));
        let refused = check(None, Some("notify=$URL")).unwrap_err();
        assert_eq!(
            refused,
            "NotifyFunction may defer events, and has no DUE_TABLE; set it to the !Ref of the due ledger"
        );
        let expected = "NotifyFunction may defer events, and nothing sends what is due; add notify=${NotifyQueue} to DUE_QUEUES";
        for queues in [None, Some(""), Some("notify=https://other"), Some("other=$URL"), Some("notify $URL")]
        {
            assert_eq!(check(Some("terrace-Due"), queues).unwrap_err(), expected, "{queues:?}");
        }
    }

    #[test]
    fn a_consumer_that_does_not_defer_needs_neither() {
        let stack = fixtures::stack();
        let feeds = crate::consumer::feeds(&stack);
        assert_eq!(deferral(&stack, &feeds[0], &fixtures::subscription()), Ok(()));
    }

    #[test]
    fn nothing_is_sent_to_a_consumer_that_does_not_defer() {
        let mut stack = fixtures::stack();
        assert_eq!(stray_deferrals(&stack, &[]), Ok(()));
        let queues = "notify=https://a gone=https://b".to_owned();
        stack.functions[0].environment.insert(QUEUES.to_owned(), queues);
        let refused = stray_deferrals(&stack, &["notify"]).unwrap_err().to_string();
        assert!(refused.contains("sends what is due to gone, which defers no event"), "{refused}");
        assert_eq!(stray_deferrals(&stack, &["notify", "gone"]), Ok(()));
    }
}
