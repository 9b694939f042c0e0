//! What a command makes of a state, and who gave it when.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::id::UserId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Actor {
    User { id: UserId },
    Operator,
}

/// Who decides something, and when: the same for all events of one decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub at: Timestamp,
    pub by: Actor,
}

impl Stamp {
    /// A request that was slow, or that met a slow clock, does not change the past.
    #[must_use]
    pub fn not_before(self, last: Timestamp) -> Stamp {
        Stamp { at: self.at.max(last), ..self }
    }
}

/// A command that was decided and is not committed yet: what happens, and the state after it.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug, Clone, PartialEq)]
pub struct Decision<S, E = Event> {
    pub stamp: Stamp,
    pub events: Vec<E>,
    pub next: S,
}
