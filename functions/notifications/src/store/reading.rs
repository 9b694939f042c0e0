//! Marking notifications as read. The same commit lowers the counter by the number of notifications that it
//! marks.

use domain::id::{NotificationId, UserId};
use domain::notification::Notification;
use jiff::Timestamp;

use platform::table::namespace::notifications::INBOX;
use platform::table::{CommandContext, Condition, Conflict, Listing, SortKey, StoreError, Write, pause};

use super::inbox::{COUNT, Inbox, READ_AT, UNREAD, notification};

/// A transaction of DynamoDB may have 100 writes: these, the counter, and a receipt.
const AT_ONCE: usize = 98;
const PAGE: usize = 100;
/// An attempt fails when another request has marked one of the same notifications in the meantime.
const ATTEMPTS: u32 = 6;

impl Inbox<'_> {
    /// Marks a notification as read, and returns it; one that was read before stays as it is. `command`
    /// returns the context that is committed with it. `None` if there is no such notification.
    pub(crate) async fn read<E: From<StoreError>>(
        &self,
        recipient: UserId,
        id: NotificationId,
        at: Timestamp,
        command: impl Fn(Notification) -> Result<CommandContext, E>,
    ) -> Result<Option<Notification>, E> {
        for attempt in 0..ATTEMPTS {
            pause(attempt).await;
            let row = self.0.get(&INBOX.of(recipient), &SortKey::of(id)).await?;
            let Some(row) = row else { return Ok(None) };
            let found = notification(recipient, &row)?;
            let unread = if found.read_at.is_none() { &[id][..] } else { &[] };
            let read = found.read(at);
            if self.mark(recipient, unread, at, Some(command(read.clone())?)).await? {
                return Ok(Some(read));
            }
        }
        Err(StoreError::Conflict(Conflict::Contention).into())
    }

    /// Marks all unread notifications as read, the newest first, and returns their number. `command` returns
    /// the context for that number, which is committed with the last of them.
    pub(crate) async fn read_all<E: From<StoreError>>(
        &self,
        recipient: UserId,
        at: Timestamp,
        command: impl Fn(usize) -> Result<CommandContext, E>,
    ) -> Result<usize, E> {
        let mut read = 0;
        for attempt in 0..ATTEMPTS {
            pause(attempt).await;
            if self.read_unread(recipient, at, &mut read, &command).await? {
                return Ok(read);
            }
        }
        Err(StoreError::Conflict(Conflict::Contention).into())
    }

    /// Lists notifications until it has found as many unread ones as the counter counts. It marks them on the
    /// way, so that they stay marked when the function's time is used up. Returns false when another request
    /// has marked one of them in the meantime. `read` counts those that are marked.
    async fn read_unread<E: From<StoreError>>(
        &self,
        recipient: UserId,
        at: Timestamp,
        read: &mut usize,
        command: impl Fn(usize) -> Result<CommandContext, E>,
    ) -> Result<bool, E> {
        let (mut found, mut sought, mut cursor) = (Vec::new(), 0_u64, None);
        loop {
            let listing = Listing { cursor, limit: PAGE, consistent: true, ..Listing::default() };
            let page = self.0.list(&INBOX.of(recipient), listing).await?;
            for row in &page.items {
                if row.sort_key()?.as_str() == UNREAD {
                    sought = row.number(COUNT)?;
                } else if sought > 0 && !row.has(READ_AT) {
                    found.push(row.id()?);
                    sought -= 1;
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
            cursor = page.next_cursor;
            if sought == 0 || cursor.is_none() {
                let context = command(*read + found.len())?;
                let marked = self.mark(recipient, &found, at, Some(context)).await?;
                *read += if marked { found.len() } else { 0 };
                return Ok(marked);
            }
        }
    }

    /// Marks all of the notifications, or none. Returns false when another request has marked one of them in
    /// the meantime.
    async fn mark(
        &self,
        recipient: UserId,
        unread: &[NotificationId],
        at: Timestamp,
        context: Option<CommandContext>,
    ) -> Result<bool, StoreError> {
        let is_unread = Condition::that("attribute_exists(pk) AND attribute_not_exists(readAt)");
        let partition = INBOX.of(recipient);
        let mut writes: Vec<Write> = unread
            .iter()
            .map(|id| self.0.write(&partition, SortKey::of(id), is_unread.clone(), Conflict::Version))
            .map(|write| write.update().text(READ_AT, at.to_string()))
            .collect();
        let change = i64::try_from(writes.len()).map_err(StoreError::corrupt)?;
        writes.extend((change > 0).then(|| self.counter(recipient, -change)));
        if let Some(context) = context {
            writes.extend(self.0.receipt_of(&context)?);
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
