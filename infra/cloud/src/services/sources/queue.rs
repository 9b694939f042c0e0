//! Calls a function with a queue's messages, several batches at a time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::answer::{BatchOutcome, outcome};
use super::{Filter, LONGEST_WAIT, Switch, event};
use crate::invoke::Invoke;
use crate::model::{Queue, QueueSource, REGION};
use crate::services::Services;
use crate::services::clock::now_ms;
use crate::services::database::DatabaseError;
use crate::services::queues::{Claimed, attributes, protocol};

/// The concurrency that Lambda starts with.
const CONCURRENT_BATCHES: usize = 5;
/// How long messages wait beside a running invocation, before the function is invoked once more.
const GATHERING: Duration = Duration::from_millis(10);
const PAUSE_AFTER_DATABASE_ERROR: Duration = Duration::from_secs(1);

fn concurrent_batches(source: &QueueSource) -> usize {
    source.maximum_concurrency.map_or(CONCURRENT_BATCHES, |most| CONCURRENT_BATCHES.min(most as usize))
}

pub(super) struct QueuePoller {
    services: Arc<Services>,
    invoke: Arc<dyn Invoke>,
    source: QueueSource,
    queue: Queue,
    filter: Arc<Filter>,
    switch: Switch,
}

impl QueuePoller {
    pub(super) fn new(
        services: &Arc<Services>,
        invoke: &Arc<dyn Invoke>,
        source: &QueueSource,
        switch: Switch,
    ) -> Option<QueuePoller> {
        let Some(queue) = services.queues.by_arn(&source.queue_arn) else {
            tracing::error!(source = source.logical_id, "its queue is no queue of the template");
            return None;
        };
        Some(QueuePoller {
            services: Arc::clone(services),
            invoke: Arc::clone(invoke),
            source: source.clone(),
            queue: queue.clone(),
            filter: services.filters.of(&source.logical_id),
            switch,
        })
    }

    pub(super) async fn run(self: Arc<Self>) {
        let slots = Arc::new(Semaphore::new(concurrent_batches(&self.source)));
        let mut batches = JoinSet::new();
        while let Ok(slot) = Arc::clone(&slots).acquire_owned().await {
            // While the function runs, messages gather for its next invocation, so that under load it gets them by the
            // batch and not one by one.
            let _ = timeout(GATHERING, async { while batches.join_next().await.is_some() {} }).await;
            // `receive` asks as well, but would be called without a pause.
            self.switch.on().await;
            match self.next_batch().await {
                Ok((messages, _)) if !messages.is_empty() => {
                    batches.spawn(Arc::clone(&self).handle(messages, slot));
                }
                Ok((_, next_visible_at)) => self.wait(next_visible_at).await,
                Err(error) => self.complain(&error).await,
            }
        }
    }

    /// Waits up to the batching window for a full batch.
    async fn next_batch(&self) -> Result<(Vec<Claimed>, Option<i64>), DatabaseError> {
        let size = self.source.batch_size.max(1);
        let (mut messages, next_visible_at) = self.receive(size).await?;
        let deadline = Instant::now() + self.source.batching_window;
        while !messages.is_empty() && messages.len() < size && Instant::now() < deadline {
            let remaining = deadline.saturating_duration_since(Instant::now());
            if timeout(remaining, self.services.queues.woken(&self.queue.arn)).await.is_ok() {
                messages.extend(self.receive(size - messages.len()).await?.0);
            }
        }
        Ok((messages, next_visible_at))
    }

    async fn receive(&self, max: usize) -> Result<(Vec<Claimed>, Option<i64>), DatabaseError> {
        let switch = self.switch.clone();
        self.services.queues.receive_if(&self.queue, max, move || switch.is_on()).await
    }

    /// Waits until a message arrives or becomes visible again.
    async fn wait(&self, next_visible_at: Option<i64>) {
        let pause = next_visible_at
            .map_or(LONGEST_WAIT, |at| Duration::from_millis(u64::try_from(at - now_ms()).unwrap_or(0)));
        let _ = timeout(pause.min(LONGEST_WAIT), self.services.queues.woken(&self.queue.arn)).await;
    }

    async fn complain(&self, error: &DatabaseError) {
        tracing::error!(source = self.source.logical_id, %error, "the queue cannot be read");
        sleep(PAUSE_AFTER_DATABASE_ERROR).await;
    }

    async fn handle(self: Arc<Self>, messages: Vec<Claimed>, _slot: OwnedSemaphorePermit) {
        let shown: Vec<String> = messages.iter().map(|message| self.record(message)).collect();
        let (matching, ignored): (Vec<_>, Vec<_>) =
            messages.into_iter().zip(shown).partition(|(_, record)| self.filter.matches(record));
        self.delete(ignored.into_iter().map(|(message, _)| message.receipt).collect());
        if !matching.is_empty() {
            let (messages, records): (Vec<_>, Vec<_>) = matching.into_iter().unzip();
            self.deliver(messages, &records).await;
        }
    }

    /// Failed messages stay in the queue and become visible again after the visibility time-out.
    async fn deliver(&self, messages: Vec<Claimed>, records: &[String]) {
        let event = event(records.iter().map(String::as_str));
        let answer = self.invoke.invoke(&self.source.function, event).await;
        let is_known = |id: &str| messages.iter().any(|message| message.id == id);
        let failed = match outcome(answer, self.source.report_item_failures, is_known) {
            BatchOutcome::Done => Vec::new(),
            BatchOutcome::Partial(failed) => {
                tracing::warn!(source = self.source.logical_id, failed = failed.len(), "messages failed");
                failed
            }
            BatchOutcome::Failed(error) => {
                tracing::warn!(source = self.source.logical_id, messages = messages.len(), %error, "a batch failed");
                return;
            }
        };
        let done = messages.into_iter().filter(|message| !failed.contains(&message.id));
        self.delete(done.map(|message| message.receipt).collect());
    }

    fn delete(&self, receipts: Vec<String>) {
        self.services.queues.delete_soon(&self.queue.arn, receipts);
    }

    /// The message in Lambda's form, as JSON.
    fn record(&self, message: &Claimed) -> String {
        let record = json!({
            "messageId": message.id,
            "receiptHandle": message.receipt,
            "body": message.body,
            "attributes": protocol::system_attributes(message),
            "messageAttributes": attributes::lambda(&message.attributes),
            "md5OfBody": protocol::digest(&message.body),
            "eventSource": "aws:sqs",
            "eventSourceARN": self.queue.arn,
            "awsRegion": REGION,
        });
        record.to_string()
    }
}
