//! How often each function has called each action.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// By the caller's logical id and the action.
pub type Calls = BTreeMap<(String, String), u64>;

#[derive(Debug, Default)]
pub(crate) struct CallCounter {
    calls: Mutex<Calls>,
}

impl CallCounter {
    pub(crate) fn count(&self, function: &str, action: &str) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry((function.to_owned(), action.to_owned())).or_default() += 1;
    }

    pub(crate) fn all(&self) -> Calls {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
