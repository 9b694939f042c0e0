//! Which function consumed how many capacity units of which table.

use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Clone, PartialEq)]
pub struct Consumed {
    /// The caller's logical id.
    pub function: String,
    pub action: String,
    /// The table's name.
    pub table: String,
    pub read_units: f64,
    pub write_units: f64,
}

/// A position in the log; `since` returns the entries after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

/// The log keeps only its newest entries, so that it does not grow without limit.
const KEPT: usize = 100_000;

#[derive(Debug, Default)]
pub struct CapacityLog {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    dropped: u64,
    entries: Vec<Consumed>,
}

impl CapacityLog {
    pub fn mark(&self) -> Mark {
        let state = self.state();
        Mark(state.dropped + state.entries.len() as u64)
    }

    pub fn since(&self, mark: Mark) -> Vec<Consumed> {
        let state = self.state();
        let skipped = usize::try_from(mark.0.saturating_sub(state.dropped)).unwrap_or(usize::MAX);
        state.entries.iter().skip(skipped).cloned().collect()
    }

    /// The newest entries.
    pub fn all(&self) -> Vec<Consumed> {
        self.state().entries.clone()
    }

    /// Returns the entries and empties the log.
    pub fn take(&self) -> Vec<Consumed> {
        let mut state = self.state();
        state.dropped += state.entries.len() as u64;
        std::mem::take(&mut state.entries)
    }

    pub(crate) fn record(&self, consumed: Consumed) {
        let mut state = self.state();
        if state.entries.len() >= KEPT {
            state.entries.drain(..KEPT / 2);
            state.dropped += (KEPT / 2) as u64;
        }
        state.entries.push(consumed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
