//! Queues with visibility time-outs, receive counts, retention and dead-letter queues.

pub(crate) mod attributes;
mod batch;
mod fair;
pub(crate) mod protocol;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::Transaction;
use tokio::sync::Notify;

use self::attributes::MessageAttributes;
use self::fair::OfLate;
pub(crate) use self::store::Claimed;
use super::clock::now_ms;
use super::database::{Database, DatabaseError};
use crate::model::Queue;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueDepth {
    pub queue: String,
    pub visible: u64,
    /// Received and not deleted yet, or delayed.
    pub in_flight: u64,
}

/// A message as it lies in its queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub body: String,
    /// Text values as they are, binary ones in Base64.
    pub attributes: BTreeMap<String, String>,
    /// Its `MessageGroupId`.
    pub group: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    #[error("the template has no queue {0}")]
    Unknown(String),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

pub(crate) struct Queues {
    database: Database,
    declared: Vec<Queue>,
    wakers: Wakers,
    of_late: Arc<OfLate>,
    /// Zero without an override; the same holds for the next one.
    visibility_override_ms: AtomicU64,
    max_receives_override: AtomicU32,
}

/// One `Notify` for each queue, by its ARN.
#[derive(Clone)]
struct Wakers(Arc<HashMap<String, Notify>>);

impl Wakers {
    fn wake(&self, arn: &str) {
        if let Some(waker) = self.0.get(arn) {
            waker.notify_one();
        }
    }
}

pub(crate) struct NewMessage {
    pub(crate) queue_arn: String,
    pub(crate) body: String,
    pub(crate) attributes: MessageAttributes,
    pub(crate) delay: Duration,
    /// By which the queue is fair.
    pub(crate) group: Option<String>,
}

impl Queues {
    pub(crate) fn open(database: Database, declared: &[Queue]) -> rusqlite::Result<Queues> {
        database.transaction_now(|transaction| store::release_received(transaction, now_ms()))?;
        Ok(Queues {
            database,
            declared: declared.to_vec(),
            wakers: Wakers(Arc::new(
                declared.iter().map(|queue| (queue.arn.clone(), Notify::new())).collect(),
            )),
            of_late: Arc::default(),
            visibility_override_ms: AtomicU64::new(0),
            max_receives_override: AtomicU32::new(0),
        })
    }

    pub(crate) fn by_arn(&self, arn: &str) -> Option<&Queue> {
        self.declared.iter().find(|queue| queue.arn == arn)
    }

    pub(crate) fn by_url(&self, url: &str) -> Option<&Queue> {
        self.declared.iter().find(|queue| queue.url == url)
    }

    pub(crate) fn declared(&self) -> &[Queue] {
        &self.declared
    }

    fn named(&self, logical_id_or_name: &str) -> Result<&Queue, QueueError> {
        let is_named =
            |queue: &&Queue| queue.logical_id == logical_id_or_name || queue.name == logical_id_or_name;
        self.declared.iter().find(is_named).ok_or_else(|| QueueError::Unknown(logical_id_or_name.to_owned()))
    }

    pub(crate) fn override_visibility(&self, timeout: Duration) {
        let millis = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        self.visibility_override_ms.store(millis.max(1), Ordering::Relaxed);
    }

    fn visibility_timeout(&self, queue: &Queue) -> Duration {
        match self.visibility_override_ms.load(Ordering::Relaxed) {
            0 => queue.visibility_timeout,
            millis => Duration::from_millis(millis),
        }
    }

    pub(crate) fn override_max_receives(&self, receives: u32) {
        self.max_receives_override.store(receives, Ordering::Relaxed);
    }

    /// The queue with the override of its redrive policy.
    fn overridden(&self, queue: &Queue) -> Queue {
        let mut queue = queue.clone();
        let receives = self.max_receives_override.load(Ordering::Relaxed);
        if let Some(redrive) = queue.redrive.as_mut().filter(|_| receives > 0) {
            redrive.max_receive_count = receives;
        }
        queue
    }

    /// Stores all messages in one commit, and returns their ids once it has taken place.
    pub(crate) async fn send(&self, messages: Vec<NewMessage>) -> Result<Vec<String>, DatabaseError> {
        if messages.is_empty() {
            return Ok(Vec::new());
        }
        let queues: Vec<String> = messages.iter().map(|message| message.queue_arn.clone()).collect();
        let wakers = self.wakers.clone();
        self.database
            .transaction_then(
                move |transaction| {
                    messages.iter().map(|message| store::insert(transaction, message, now_ms())).collect()
                },
                move |_| queues.iter().for_each(|arn| wakers.wake(arn)),
            )
            .await
    }

    /// Receives up to `max` messages. Those that were received too often move to the dead-letter queue.
    pub(crate) async fn receive(
        &self,
        queue: &Queue,
        max: usize,
        visibility: Option<Duration>,
    ) -> Result<Vec<Claimed>, DatabaseError> {
        let timeout = visibility.unwrap_or_else(|| self.visibility_timeout(queue));
        Ok(self.claim(queue, max, timeout, || true).await?.0)
    }

    /// Returns also when the next message becomes visible, in milliseconds since the epoch, if none is visible now.
    /// Asks `may` within the transaction, so that a message which is sent after the answer has become no is not
    /// received.
    pub(crate) async fn receive_if(
        &self,
        queue: &Queue,
        max: usize,
        may: impl FnOnce() -> bool + Send + 'static,
    ) -> Result<(Vec<Claimed>, Option<i64>), DatabaseError> {
        self.claim(queue, max, self.visibility_timeout(queue), may).await
    }

    async fn claim(
        &self,
        queue: &Queue,
        max: usize,
        timeout: Duration,
        may: impl FnOnce() -> bool + Send + 'static,
    ) -> Result<(Vec<Claimed>, Option<i64>), DatabaseError> {
        let (declared, source, wakers) = (self.overridden(queue), queue.clone(), self.wakers.clone());
        let (of_late, received) = (self.of_late.of(&queue.arn, now_ms()), Arc::clone(&self.of_late));
        let (claimed, next, _) = self
            .database
            .transaction_then(
                move |transaction| {
                    let (claimed, dead_lettered) = match may() {
                        true => store::receive(transaction, &declared, max, now_ms(), timeout, &of_late)?,
                        false => (Vec::new(), 0),
                    };
                    let next = match claimed.is_empty() {
                        true => store::next_visible_at(transaction, &declared.arn)?,
                        false => None,
                    };
                    Ok((claimed, next, dead_lettered))
                },
                move |(claimed, _, dead_lettered)| {
                    received.add(
                        &source.arn,
                        now_ms(),
                        claimed.iter().map(|message| message.group.as_deref()),
                    );
                    if let Some(redrive) = source.redrive.as_ref().filter(|_| *dead_lettered > 0) {
                        let (queue, messages) = (&source.name, *dead_lettered);
                        tracing::warn!(queue, messages, "received too often: moved to the dead-letter queue");
                        wakers.wake(&redrive.dead_letter_arn);
                    }
                },
            )
            .await?;
        Ok((claimed, next))
    }

    pub(crate) async fn delete(&self, queue_arn: &str, receipts: Vec<String>) -> Result<(), DatabaseError> {
        if receipts.is_empty() {
            return Ok(());
        }
        let arn = queue_arn.to_owned();
        self.database.transaction(move |transaction| store::delete(transaction, &arn, &receipts)).await
    }

    /// Deletes messages that were handled, in a moment: until then they stay in flight, and if that is lost, they come
    /// again.
    pub(crate) fn delete_soon(&self, queue_arn: &str, receipts: Vec<String>) {
        if receipts.is_empty() {
            return;
        }
        let arn = queue_arn.to_owned();
        let what = "handled messages could not be deleted";
        self.database.transaction_soon(what, move |transaction| store::delete(transaction, &arn, &receipts));
    }

    /// Waits until a message has arrived since the last call returned.
    pub(crate) async fn woken(&self, queue_arn: &str) {
        match self.wakers.0.get(queue_arn) {
            Some(waker) => waker.notified().await,
            None => std::future::pending().await,
        }
    }

    /// Deletes messages that are older than their queue's retention period.
    pub(crate) async fn expire(&self) -> Result<(), DatabaseError> {
        let declared = self.declared.clone();
        self.database
            .transaction(move |transaction| {
                declared.iter().try_for_each(|queue| store::expire(transaction, queue, now_ms()).map(drop))
            })
            .await
    }

    pub(crate) async fn depth(&self, queue: &Queue) -> Result<QueueDepth, DatabaseError> {
        let queue = queue.clone();
        self.database.transaction(move |transaction| depth(transaction, &queue)).await
    }

    pub(crate) fn messages(&self, queue: &str) -> Result<Vec<Message>, QueueError> {
        let arn = &self.named(queue)?.arn;
        let messages = self.database.transaction_now(|transaction| store::messages(transaction, arn));
        Ok(messages.map_err(DatabaseError::from)?)
    }

    pub(crate) fn purge(&self, queue: &str) -> Result<(), QueueError> {
        let arn = &self.named(queue)?.arn;
        let purged = self.database.transaction_now(|transaction| store::purge(transaction, arn));
        Ok(purged.map(drop).map_err(DatabaseError::from)?)
    }

    pub(crate) fn depths(&self) -> rusqlite::Result<Vec<QueueDepth>> {
        self.database.transaction_now(|transaction| {
            self.declared.iter().map(|queue| depth(transaction, queue)).collect()
        })
    }
}

fn depth(transaction: &Transaction<'_>, queue: &Queue) -> rusqlite::Result<QueueDepth> {
    let (visible, in_flight) = store::depth(transaction, &queue.arn, now_ms())?;
    Ok(QueueDepth { queue: queue.name.clone(), visible, in_flight })
}
