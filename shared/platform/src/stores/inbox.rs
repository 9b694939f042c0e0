//! Notifications in the app, newest first, and the marks of mails that were sent.

use domain::id::{EventId, NotificationId, OrderId, UserId};
use domain::notification::{Notification, NotificationKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::stores::commit::Condition;
use crate::stores::keys::{Partition, SK};
use crate::stores::scope::{Item, Listing, stored, text};
use crate::stores::{Conflict, Page, Scope, StoreError, Version};

pub struct Inbox<'a>(pub(crate) &'a Scope);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    kind: Kind,
    created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Kind {
    OrderConfirmed { order: OrderId },
}

#[derive(Serialize, Deserialize)]
struct SentMail {
    at: Timestamp,
}

impl Inbox<'_> {
    /// Puts the notification in once, however often the event comes.
    pub async fn deliver(&self, notification: &Notification) -> Result<(), StoreError> {
        let kind = match notification.kind {
            NotificationKind::OrderConfirmed { order } => Kind::OrderConfirmed { order },
        };
        let document = Document { kind, created_at: notification.created_at };
        let partition = Partition::Inbox(notification.recipient);
        self.put_once(&partition, notification.id.to_string(), &document).await
    }

    pub async fn list(
        &self,
        recipient: UserId,
        limit: usize,
        below: Option<NotificationId>,
    ) -> Result<Page<Notification, NotificationId>, StoreError> {
        let range = Listing { after: below.map(|id| id.to_string()), limit, ..Listing::default() };
        let page = self.0.list(&Partition::Inbox(recipient), range).await?;
        Ok(Page {
            items: page.items.iter().map(|item| notification(recipient, item)).collect::<Result<_, _>>()?,
            next_cursor: page.next_cursor.map(|id| id.parse()).transpose().map_err(StoreError::corrupt)?,
        })
    }

    pub async fn was_mailed(&self, event: EventId) -> Result<bool, StoreError> {
        Ok(self.0.get(&Partition::SentMail, &event.to_string()).await?.is_some())
    }

    pub async fn mark_mailed(&self, event: EventId, at: Timestamp) -> Result<(), StoreError> {
        self.put_once(&Partition::SentMail, event.to_string(), &SentMail { at }).await
    }

    async fn put_once(
        &self,
        partition: &Partition<'_>,
        sort: String,
        document: &impl Serialize,
    ) -> Result<(), StoreError> {
        let conflict = Conflict::Exists("effect");
        let write =
            self.0.write_state(partition, sort, Condition::absent(), conflict, (Version::FIRST, document))?;
        match self.0.commit(vec![write]).await {
            Err(StoreError::Conflict(was)) if was == conflict => Ok(()),
            outcome => outcome,
        }
    }
}

fn notification(recipient: UserId, item: &Item) -> Result<Notification, StoreError> {
    let id = text(item, SK)?.parse().map_err(StoreError::corrupt)?;
    let Document { kind, created_at } = stored::<Document>(item)?.value;
    let kind = match kind {
        Kind::OrderConfirmed { order } => NotificationKind::OrderConfirmed { order },
    };
    Ok(Notification { id, recipient, kind, created_at })
}
