//! Failures and delays that tests inject.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::failure::Failure;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name of an AWS action, such as `Query` or `PutEvents`.
    pub action: String,
    /// The prefix of one of the request's partition keys; empty for any request.
    pub key_prefix: String,
    pub effect: Effect,
    /// How many requests the fault applies to before it is removed; `None` for all.
    pub times: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Answers 500 without doing anything.
    Fail,
    Delay(Duration),
    /// Does the work, then answers 500 as if the answer had been lost.
    LoseAnswer,
}

/// What the faults still do to a request after its work is done.
#[derive(Debug)]
#[must_use]
pub(crate) struct Aftermath {
    loses_answer: bool,
}

impl Aftermath {
    pub(crate) fn of<T>(self, answer: Result<T, Failure>) -> Result<T, Failure> {
        if self.loses_answer { Err(Failure::internal("the answer was lost on purpose")) } else { answer }
    }
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
    active: Vec<(FaultId, Fault)>,
}

impl Faults {
    pub fn add(&self, fault: Fault) -> FaultId {
        let mut state = self.state();
        state.last_id += 1;
        let id = FaultId(state.last_id);
        state.active.push((id, fault));
        id
    }

    pub fn remove(&self, id: FaultId) {
        self.state().active.retain(|(other, _)| *other != id);
    }

    pub fn clear(&self) {
        self.state().active.clear();
    }

    pub fn active(&self) -> Vec<(FaultId, Fault)> {
        self.state().active.clone()
    }

    /// Applies the matching faults to a request: delays it, and fails it if one says so.
    pub(crate) async fn meet(&self, action: &str, keys: &[String]) -> Result<Aftermath, Failure> {
        let effects = self.take(action, keys);
        let delay: Duration = effects
            .iter()
            .map(|effect| match effect {
                Effect::Delay(delay) => *delay,
                Effect::Fail | Effect::LoseAnswer => Duration::ZERO,
            })
            .sum();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if effects.contains(&Effect::Fail) {
            return Err(Failure::internal("failed on purpose"));
        }
        Ok(Aftermath { loses_answer: effects.contains(&Effect::LoseAnswer) })
    }

    fn take(&self, action: &str, keys: &[String]) -> Vec<Effect> {
        let mut state = self.state();
        let mut effects = Vec::new();
        for (_, fault) in &mut state.active {
            let hits = fault.action == action
                && (fault.key_prefix.is_empty() || keys.iter().any(|key| key.starts_with(&fault.key_prefix)));
            if hits {
                effects.push(fault.effect);
                if let Some(times) = &mut fault.times {
                    *times = times.saturating_sub(1);
                }
            }
        }
        state.active.retain(|(_, fault)| fault.times != Some(0));
        effects
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_meets_its_action_and_key_alone_and_as_often_as_it_says() {
        let faults = Faults::default();
        faults.add(Fault {
            action: "Query".into(),
            key_prefix: "T#ten_1#".into(),
            effect: Effect::Fail,
            times: Some(1),
        });
        let key = ["T#ten_1#orders".to_owned()];
        assert_eq!(faults.take("GetItem", &key), []);
        assert_eq!(faults.take("Query", &["T#ten_2#orders".to_owned()]), []);
        assert_eq!(faults.take("Query", &key), [Effect::Fail]);
        assert_eq!(faults.take("Query", &key), []);
        assert!(faults.active().is_empty());
    }
}
