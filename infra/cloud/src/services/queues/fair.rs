//! Which groups of messages have more than their share of a queue's consumers, and come after the others.
//!
//! AWS: How Amazon SQS fair queues work,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html>. A group
//! is noisy with more than a tenth of the messages in flight, at least 30, or with more than a tenth of the time that
//! consumers spent of late. That time is not known here, so messages that were received of late stand for it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

/// A group is not noisy below so many messages.
const LEAST: f64 = 30.0;
/// Nor with this share of them, or less.
const SHARE: f64 = 0.1;
/// In which what was received counts for a third.
const OF_LATE_MS: f64 = 10_000.0;
const FORGOTTEN: f64 = 0.1;

/// Messages of each group, and of all. One without a group is a group of its own, so it counts among all alone.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Shares {
    pub(super) all: f64,
    pub(super) groups: BTreeMap<String, f64>,
}

impl Shares {
    pub(super) fn add(&mut self, group: Option<&str>, messages: f64) {
        self.all += messages;
        if let Some(group) = group {
            *self.groups.entry(group.to_owned()).or_default() += messages;
        }
    }

    fn of(&self, group: &str) -> f64 {
        self.groups.get(group).copied().unwrap_or_default()
    }

    fn is_noisy(&self, group: &str) -> bool {
        let own = self.of(group);
        own >= LEAST && own > SHARE * self.all
    }

    fn fade(&mut self, factor: f64) {
        self.all *= factor;
        self.groups.retain(|_, messages| {
            *messages *= factor;
            *messages > FORGOTTEN
        });
    }
}

/// The noisy groups, that with the fewest messages in flight first.
pub(super) fn noisy(in_flight: &Shares, of_late: &Shares) -> Vec<String> {
    let groups = in_flight.groups.keys().chain(of_late.groups.keys());
    let noisy = groups.filter(|group| in_flight.is_noisy(group) || of_late.is_noisy(group));
    let mut noisy: Vec<String> = noisy.cloned().collect();
    noisy.sort_by(|one, other| in_flight.of(one).total_cmp(&in_flight.of(other)).then(one.cmp(other)));
    noisy.dedup();
    noisy
}

/// What was received of each queue of late. It is gone after a restart.
#[derive(Debug, Default)]
pub(super) struct OfLate(Mutex<HashMap<String, (i64, Shares)>>);

impl OfLate {
    pub(super) fn of(&self, queue_arn: &str, now: i64) -> Shares {
        self.with(queue_arn, now, |shares| shares.clone())
    }

    pub(super) fn add<'g>(
        &self,
        queue_arn: &str,
        now: i64,
        received: impl IntoIterator<Item = Option<&'g str>>,
    ) {
        self.with(queue_arn, now, |shares| received.into_iter().for_each(|group| shares.add(group, 1.0)));
    }

    fn with<T>(&self, queue_arn: &str, now: i64, work: impl FnOnce(&mut Shares) -> T) -> T {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, shares) = queues.entry(queue_arn.to_owned()).or_default();
        let passed = now.saturating_sub(*at).max(0);
        *at = now;
        shares.fade((-(passed as f64) / OF_LATE_MS).exp());
        work(shares)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(groups: &[(&str, f64)]) -> Shares {
        let mut shares = Shares::default();
        groups.iter().for_each(|(group, messages)| {
            shares.add(Some(group).filter(|one| !one.is_empty()).copied(), *messages)
        });
        shares
    }

    #[test]
    fn a_group_is_noisy_with_more_than_a_tenth_and_at_least_thirty() {
        let none = Shares::default();
        for (in_flight, expected) in [
            (shares(&[("a", 29.0)]), vec![]),
            (shares(&[("a", 30.0)]), vec!["a"]),
            (shares(&[("a", 30.0), ("", 270.0)]), vec![]),
            (shares(&[("a", 30.0), ("", 269.0)]), vec!["a"]),
            // The one with fewer comes first.
            (shares(&[("a", 40.0), ("b", 31.0), ("c", 1.0)]), vec!["b", "a"]),
            (shares(&[("", 1000.0)]), vec![]),
        ] {
            assert_eq!(noisy(&in_flight, &none), expected, "{in_flight:?}");
            assert_eq!(noisy(&none, &in_flight).len(), expected.len(), "{in_flight:?}");
        }
        assert_eq!(noisy(&shares(&[("a", 1.0), ("b", 40.0)]), &shares(&[("a", 50.0)])), ["a", "b"]);
    }

    #[test]
    fn what_was_received_is_forgotten() {
        let of_late = OfLate::default();
        of_late.add("queue", 0, vec![Some("a"); 100]);
        of_late.add("other", 0, vec![None; 10]);
        assert!(of_late.of("queue", 1000).is_noisy("a"));
        assert!(!of_late.of("queue", 20_000).is_noisy("a"));
        assert_eq!(of_late.of("queue", 300_000).groups.len(), 0);
        assert_eq!(of_late.of("other", 0).all, 10.0);
    }
}
