//! Decisions: the events and the next state that a command results in, and who decided it when.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{Event, Kinds, Tagged};
use crate::id::UserId;

/// Who caused an event: a user of the tenant, or an operator of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Actor {
    User { id: UserId },
    Operator,
}

impl Kinds for Actor {
    const KINDS: &[&str] = &["user", "operator"];
    const NOUN: &str = "actor";
}

impl From<Actor> for Tagged<Actor> {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::User { id } => Tagged::new("user", Some(id)),
            Actor::Operator => Tagged::new("operator", None::<UserId>),
        }
    }
}

/// The time and the actor of a decision, which all of its events share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub at: Timestamp,
    pub by: Actor,
}

impl Stamp {
    /// The same stamp, dated `last` if it was earlier: a slow request or a slow clock must not date a
    /// decision before the previous one.
    #[must_use]
    pub fn not_before(self, last: Timestamp) -> Stamp {
        Stamp { at: self.at.max(last), ..self }
    }
}

/// The result of a command that is not committed yet: its events, and the aggregate's state after them.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug, Clone, PartialEq)]
pub struct Decision<S, E = Event> {
    pub stamp: Stamp,
    pub events: Vec<E>,
    pub next: S,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_actor_is_read_as_it_was_written() {
        let id = UserId::from_uuid(uuid::Uuid::nil());
        for actor in [Actor::User { id }, Actor::Operator] {
            // A new kind of actor fails to compile here, and belongs into the list above and into `KINDS`.
            match actor {
                Actor::User { .. } | Actor::Operator => {}
            }
            assert_eq!(Tagged::from(actor).read(), Ok(actor));
            assert_eq!(
                serde_json::to_value(Tagged::from(actor)).unwrap(),
                serde_json::to_value(actor).unwrap()
            );
        }
    }
}
