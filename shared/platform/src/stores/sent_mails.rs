//! Marks of mails that were sent, by event and recipient.

use domain::id::{EventId, UserId};
use jiff::Timestamp;
use serde::Serialize;

use crate::stores::keys::Partition;
use crate::stores::write::Condition;
use crate::stores::{Conflict, Scope, StoreError, Version};

const SENT: Conflict = Conflict::Exists("mail");

pub struct SentMails<'a>(pub(crate) &'a Scope);

#[derive(Serialize)]
struct Document {
    at: Timestamp,
}

impl SentMails<'_> {
    pub async fn contains(&self, event: EventId, recipient: UserId) -> Result<bool, StoreError> {
        Ok(self.0.get(&Partition::SentMail, &sort_key(event, recipient)).await?.is_some())
    }

    pub async fn mark(&self, event: EventId, recipient: UserId, at: Timestamp) -> Result<(), StoreError> {
        let state = (Version::FIRST, &Document { at });
        let key = sort_key(event, recipient);
        let write = self.0.write_state(&Partition::SentMail, key, Condition::absent(), SENT, state)?;
        match self.0.commit(vec![write]).await {
            Err(StoreError::Conflict(was)) if was == SENT => Ok(()),
            outcome => outcome,
        }
    }
}

fn sort_key(event: EventId, recipient: UserId) -> String {
    format!("{event}#{recipient}")
}
