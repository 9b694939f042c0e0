//! Marking notifications as read. The counter falls in the same commit, by as many as were unread until then.

use domain::id::{NotificationId, UserId};
use domain::notification::Notification;
use jiff::Timestamp;

use super::{COUNT, Inbox, READ_AT, UNREAD, notification};
use crate::runtime::backoff;
use crate::stores::commit::CommandContext;
use crate::stores::keys::{Partition, SK};
use crate::stores::listing::Listing;
use crate::stores::scope::{number, text};
use crate::stores::write::{Condition, Write};
use crate::stores::{Conflict, StoreError};

/// DynamoDB takes 100 writes in a transaction: these, the counter, and a receipt.
const AT_ONCE: usize = 98;
const PAGE: usize = 100;
/// Each one in vain means that another request read one of the same notifications meanwhile.
const ATTEMPTS: u32 = 6;

impl Inbox<'_> {
    /// Marks one as read, and answers it; one that was read before stays as it is. What `command` gives for that answer
    /// is committed beside it.
    pub async fn read<E: From<StoreError>>(
        &self,
        recipient: UserId,
        id: NotificationId,
        at: Timestamp,
        command: impl Fn(Notification) -> Result<CommandContext, E>,
    ) -> Result<Option<Notification>, E> {
        for attempt in 0..ATTEMPTS {
            tokio::time::sleep(backoff(attempt)).await;
            let item = self.0.get(&Partition::Inbox(recipient), &id.to_string()).await?;
            let Some(item) = item else { return Ok(None) };
            let found = notification(recipient, &item)?;
            let unread = if found.read_at.is_none() { &[id][..] } else { &[] };
            let read = found.read(at);
            if self.mark(recipient, unread, at, Some(command(read.clone())?)).await? {
                return Ok(Some(read));
            }
        }
        Err(StoreError::Conflict(Conflict::Contention).into())
    }

    /// Marks as read what is unread, the newest first, and answers how many that were. What `command` gives for that
    /// answer is committed with the last of them.
    pub async fn read_all<E: From<StoreError>>(
        &self,
        recipient: UserId,
        at: Timestamp,
        command: impl Fn(usize) -> Result<CommandContext, E>,
    ) -> Result<usize, E> {
        let mut read = 0;
        for attempt in 0..ATTEMPTS {
            tokio::time::sleep(backoff(attempt)).await;
            if self.read_unread(recipient, at, &mut read, &command).await? {
                return Ok(read);
            }
        }
        Err(StoreError::Conflict(Conflict::Contention).into())
    }

    /// Reads down until it has as many as the counter counts, and marks on the way: what is done stays done when the
    /// function's time is used up. False when it was overtaken by another reading.
    async fn read_unread<E: From<StoreError>>(
        &self,
        recipient: UserId,
        at: Timestamp,
        read: &mut usize,
        command: impl Fn(usize) -> Result<CommandContext, E>,
    ) -> Result<bool, E> {
        let (mut found, mut sought, mut after) = (Vec::new(), 0_u64, None);
        loop {
            let listing = Listing { after, limit: PAGE, consistent: true, ..Listing::default() };
            let page = self.0.list(&Partition::Inbox(recipient), listing).await?;
            for item in &page.items {
                match text(item, SK)? {
                    UNREAD => sought = number(item, COUNT)?,
                    id if sought > 0 && !item.contains_key(READ_AT) => {
                        found.push(id.parse().map_err(StoreError::corrupt)?);
                        sought -= 1;
                    }
                    _ => {}
                }
            }
            while found.len() > AT_ONCE {
                let rest = found.split_off(AT_ONCE);
                if !self.mark(recipient, &found, at, None).await? {
                    return Ok(false);
                }
                *read += found.len();
                found = rest;
            }
            after = page.next_cursor;
            if sought == 0 || after.is_none() {
                let context = command(*read + found.len())?;
                let marked = self.mark(recipient, &found, at, Some(context)).await?;
                *read += if marked { found.len() } else { 0 };
                return Ok(marked);
            }
        }
    }

    /// All of them or none: false when another request has read one meanwhile.
    async fn mark(
        &self,
        recipient: UserId,
        unread: &[NotificationId],
        at: Timestamp,
        context: Option<CommandContext>,
    ) -> Result<bool, StoreError> {
        let is_unread = Condition::that("attribute_exists(pk) AND attribute_not_exists(readAt)");
        let partition = Partition::Inbox(recipient);
        let mut writes: Vec<Write> = unread
            .iter()
            .map(|id| self.0.write(&partition, id.to_string(), is_unread.clone(), Conflict::Version))
            .map(|write| write.update().text(READ_AT, at.to_string()))
            .collect();
        let change = i64::try_from(writes.len()).map_err(StoreError::corrupt)?;
        writes.extend((change > 0).then(|| self.counter(recipient, -change)));
        if let Some(receipt) = context.and_then(|context| context.receipt) {
            writes.push(self.0.receipt(&receipt, at)?);
        }
        if writes.is_empty() {
            return Ok(true);
        }
        match self.0.commit(writes).await {
            Err(StoreError::Conflict(Conflict::Version)) => Ok(false),
            outcome => outcome.map(|()| true),
        }
    }
}
