//! Decisions: the events and the next state that a command results in, and who decided it when.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{Event, Kinds, Tagged};
use crate::id::UserId;
use crate::operator::OperatorPrincipal;

/// Who caused an event: a user of the tenant, an operator of the platform, or the platform itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Actor {
    User {
        id: UserId,
    },
    Operator {
        /// Operators had a common key before they were principals, so old commits do not name one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        principal: Option<OperatorPrincipal>,
    },
    /// Nobody: it was due.
    Platform,
}

impl Kinds for Actor {
    const KINDS: &[&str] = &["user", "operator", "platform"];
    const NOUN: &str = "actor";
}

impl From<Actor> for Tagged<Actor> {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::User { id } => Tagged::new("user", Some(id)),
            Actor::Operator { principal } => {
                let principal = principal.map(|principal| principal.as_str().to_owned());
                Tagged::new("operator", None::<UserId>).with_unpublished("principal", principal)
            }
            Actor::Platform => Tagged::new("platform", None::<UserId>),
        }
    }
}

/// The time and the actor of a decision, which all of its events share.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        for actor in [Actor::User { id }, Actor::Operator { principal: None }, operator(), Actor::Platform] {
            // A new kind of actor fails to compile here, and belongs into the list above and into `KINDS`.
            match actor {
                Actor::User { .. } | Actor::Operator { .. } | Actor::Platform => {}
            }
            assert_eq!(Tagged::from(actor.clone()).read(), Ok(actor.clone()));
            assert_eq!(
                serde_json::to_value(Tagged::from(actor.clone())).unwrap(),
                serde_json::to_value(actor).unwrap()
            );
        }
    }

    fn operator() -> Actor {
        let arn = "arn:aws:iam::123456789012:user/ada".to_owned();
        Actor::Operator { principal: Some(arn.try_into().unwrap()) }
    }

    #[test]
    fn an_operator_s_name_is_not_published() {
        let stored = Tagged::from(operator());
        assert_eq!(
            serde_json::to_value(stored.published()).unwrap(),
            serde_json::json!({ "kind": "operator" })
        );
        let user = Tagged::from(Actor::User { id: UserId::from_uuid(uuid::Uuid::nil()) });
        assert_eq!(user.published(), user);
    }
}
