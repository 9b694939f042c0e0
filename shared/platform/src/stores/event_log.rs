//! The commits of aggregates: each item holds one commit's events and is its own outbox.

use domain::id::EventId;

use crate::events::{Aggregate, Event, StoredCommit, StoredEvent};
use crate::new_id;
use crate::stores::commit::CommandContext;
use crate::stores::keys::{Partition, commit_sort_key};
use crate::stores::write::{Condition, Write};
use crate::stores::{Conflict, Scope, StoreError, Version};

pub(crate) const COMMIT: &str = "commit";
pub(crate) const SNAPSHOT: &str = "snapshot";

impl Scope {
    /// The events as this version of the aggregate, and the command's receipt where it asked for one.
    pub(crate) fn event_writes(
        &self,
        aggregate: Aggregate,
        version: Version,
        events: &[Event],
        snapshot: Option<String>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let commit = StoredCommit {
            at: context.at,
            actor: context.actor,
            traceparent: context.traceparent.clone(),
            events: events
                .iter()
                .map(|event| StoredEvent::new(new_id(EventId::from_uuid), event))
                .collect::<Result<_, _>>()
                .map_err(StoreError::corrupt)?,
        };
        let commit = serde_json::to_string(&commit).map_err(StoreError::corrupt)?;
        let mut write = self
            .write(
                &Partition::Commits(aggregate),
                commit_sort_key(version),
                Condition::absent(),
                Conflict::Version,
            )
            .text(COMMIT, commit);
        if let Some(snapshot) = snapshot {
            write = write.text(SNAPSHOT, snapshot);
        }
        let receipt =
            context.receipt.as_ref().map(|receipt| self.receipt(receipt, context.at)).transpose()?;
        Ok([Some(write), receipt].into_iter().flatten().collect())
    }
}
