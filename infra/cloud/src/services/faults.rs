//! Failures and delays that tests inject.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::failure::Failure;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name of an AWS action, such as `Query` or `PutEvents`.
    pub action: String,
    /// The prefix of one of the request's keys, which are the partition keys of a request of DynamoDB and
    /// the detail types of `PutEvents`; empty for any request.
    pub key_prefix: String,
    pub effect: Effect,
    pub times: Times,
}

/// Which of the matching requests a fault applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    Always,
    /// The first so many, after which the fault is removed.
    First(u32),
    /// Every n-th one.
    Every(u32),
}

impl Times {
    /// Whether the fault applies to the matching request with this number, counted from one.
    fn include(self, number: u32) -> bool {
        match self {
            Times::Always => true,
            Times::First(last) => number <= last,
            Times::Every(step) => number.is_multiple_of(step),
        }
    }

    fn are_over_after(self, number: u32) -> bool {
        matches!(self, Times::First(last) if number >= last)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Answers 500 without doing anything.
    Fail,
    Delay(Duration),
    /// Does the work, then answers 500 as if the answer had been lost.
    LoseAnswer,
    /// Answers as DynamoDB does when the matching items are part of another transaction, and writes nothing.
    /// Without effect on queries, batches and reads of one item.
    Conflict,
    /// `PutEvents` answers `InternalFailure` for the matching entries, and publishes the others.
    RefuseEntries,
    /// `PutEvents` publishes the entries that do not match, and answers for them alone. EventBridge always
    /// answers for every entry, but a client must not lose an event when it does not.
    ShortAnswer,
}

/// What the faults still do to a request that they have not failed.
#[derive(Debug)]
#[must_use]
pub(crate) struct Aftermath {
    hits: Vec<Hit>,
}

#[derive(Debug, PartialEq, Eq)]
struct Hit {
    effect: Effect,
    key_prefix: String,
}

impl Aftermath {
    pub(crate) fn none() -> Aftermath {
        Aftermath { hits: Vec::new() }
    }

    /// Whether nothing more will happen to the request.
    pub(crate) fn is_none(&self) -> bool {
        self.hits.is_empty()
    }

    /// Whether this effect applies to the part of the request that has this key.
    pub(crate) fn strikes(&self, effect: Effect, key: &str) -> bool {
        self.hits.iter().any(|hit| hit.effect == effect && key.starts_with(&hit.key_prefix))
    }

    pub(crate) fn of<T>(self, answer: Result<T, Failure>) -> Result<T, Failure> {
        if has(&self.hits, Effect::LoseAnswer) {
            return Err(Failure::internal("the answer was lost on purpose"));
        }
        answer
    }
}

fn has(hits: &[Hit], effect: Effect) -> bool {
    hits.iter().any(|hit| hit.effect == effect)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FaultId(u64);

#[derive(Debug, Default)]
pub struct Faults {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    active: Vec<Active>,
}

#[derive(Debug)]
struct Active {
    id: FaultId,
    fault: Fault,
    /// How many matching requests there were.
    met: u32,
}

impl Active {
    fn meet(&mut self, action: &str, keys: &[String]) -> Option<Hit> {
        let Fault { key_prefix, effect, times, .. } = &self.fault;
        let matches = self.fault.action == action
            && (key_prefix.is_empty() || keys.iter().any(|key| key.starts_with(key_prefix)));
        if !matches {
            return None;
        }
        self.met = self.met.saturating_add(1);
        times.include(self.met).then(|| Hit { effect: *effect, key_prefix: key_prefix.clone() })
    }
}

impl Faults {
    pub fn add(&self, fault: Fault) -> FaultId {
        let mut state = self.state();
        state.last_id += 1;
        let id = FaultId(state.last_id);
        state.active.push(Active { id, fault, met: 0 });
        id
    }

    pub fn remove(&self, id: FaultId) {
        self.state().active.retain(|active| active.id != id);
    }

    pub fn clear(&self) {
        self.state().active.clear();
    }

    pub fn active(&self) -> Vec<(FaultId, Fault)> {
        self.state().active.iter().map(|active| (active.id, active.fault.clone())).collect()
    }

    /// Applies the matching faults to a request: delays it, and fails it if one says so. Asks for its keys only if there
    /// are any.
    pub(crate) async fn meet(
        &self,
        action: &str,
        keys: impl FnOnce() -> Vec<String>,
    ) -> Result<Aftermath, Failure> {
        if self.state().active.iter().all(|active| active.fault.action != action) {
            return Ok(Aftermath::none());
        }
        let hits = self.take(action, &keys());
        let delay: Duration = hits
            .iter()
            .map(|hit| match hit.effect {
                Effect::Delay(delay) => delay,
                _ => Duration::ZERO,
            })
            .sum();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if has(&hits, Effect::Fail) {
            return Err(Failure::internal("failed on purpose"));
        }
        Ok(Aftermath { hits })
    }

    fn take(&self, action: &str, keys: &[String]) -> Vec<Hit> {
        let mut state = self.state();
        let hits = state.active.iter_mut().filter_map(|active| active.meet(action, keys)).collect();
        state.active.retain(|active| !active.fault.times.are_over_after(active.met));
        hits
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(key_prefix: &str, times: Times) -> Fault {
        Fault { action: "Query".into(), key_prefix: key_prefix.into(), effect: Effect::Fail, times }
    }

    fn hits(faults: &Faults, action: &str, key: &str) -> bool {
        !faults.take(action, &[key.to_owned()]).is_empty()
    }

    #[test]
    fn a_fault_meets_its_action_and_key_alone_and_as_often_as_it_says() {
        let faults = Faults::default();
        faults.add(fault("T#ten_1#", Times::First(1)));
        assert!(!hits(&faults, "GetItem", "T#ten_1#orders"));
        assert!(!hits(&faults, "Query", "T#ten_2#orders"));
        assert!(hits(&faults, "Query", "T#ten_1#orders"));
        assert!(!hits(&faults, "Query", "T#ten_1#orders"));
        assert!(faults.active().is_empty());
    }

    #[test]
    fn a_fault_of_every_third_request_counts_only_those_that_match() {
        let faults = Faults::default();
        faults.add(fault("a", Times::Every(3)));
        let keys = ["a", "b", "a", "a", "b", "a", "a", "a"];
        assert_eq!(
            keys.map(|key| hits(&faults, "Query", key)),
            [false, false, false, true, false, false, false, true]
        );
        assert_eq!(faults.active().len(), 1);
    }

    #[test]
    fn an_empty_prefix_meets_a_request_without_keys() {
        let faults = Faults::default();
        faults.add(fault("", Times::Always));
        assert_eq!(faults.take("Query", &[]).len(), 1);
    }

    #[test]
    fn a_fault_that_never_applies_does_not_divide_by_zero() {
        let faults = Faults::default();
        faults.add(fault("", Times::Every(0)));
        faults.add(fault("", Times::First(0)));
        assert!(!hits(&faults, "Query", "a"));
    }

    #[tokio::test]
    async fn an_effect_strikes_the_keys_of_its_own_fault() {
        let faults = Faults::default();
        for (key_prefix, effect) in [("a", Effect::Conflict), ("b", Effect::RefuseEntries)] {
            faults.add(Fault { effect, ..fault(key_prefix, Times::Always) });
        }
        let aftermath = faults.meet("Query", || vec!["a1".into(), "b1".into()]).await.unwrap();
        assert!(aftermath.strikes(Effect::Conflict, "a1"));
        assert!(!aftermath.strikes(Effect::Conflict, "b1"));
        assert!(!aftermath.strikes(Effect::ShortAnswer, "a1"));
    }
}
