//! Sends what is due, from the due ledger to the queues of the consumers that have deferred it.

use std::collections::BTreeMap;
use std::process::ExitCode;

use domain::{Version, Versioned};
use futures::stream::{StreamExt, TryStreamExt, iter};
use jiff::{SignedDuration, Timestamp};

use super::queue::{MOST_ENTRIES, Queue};
use crate::StartError;
use crate::aws::shared_config;
use crate::config::{ConfigError, optional};
use crate::schedule::{Run, serve_schedule};
use crate::table::{Conflict, DueItem, DueLedger, DuePage, Minute, Position, StoreError};

/// The queue of each consumer that defers, as `name=url`; none while nothing defers.
const QUEUES: &str = "DUE_QUEUES";
/// Where a run begins that finds no position: the first one, or one after the position was lost.
const LOST: SignedDuration = SignedDuration::from_hours(1);
/// Items of one page, of half a kilobyte each. The position is saved behind each page.
const PAGE: usize = 500;
/// Batches that are sent at a time.
const AT_ONCE: usize = 8;
/// When an item is looked at again whose consumer is not known, which a deploy may have yet to bring.
const UNKNOWN: SignedDuration = SignedDuration::from_hours(1);

/// What is due is not all sent. The next run begins where this one has failed.
#[derive(Debug, thiserror::Error)]
enum NotSent {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a queue did not take what is due: {0}")]
    Queue(String),
}

pub(super) struct Dispatcher {
    ledger: DueLedger,
    queues: BTreeMap<String, Queue>,
}

/// Serves the function that the clock calls each minute, and sends the items of all minutes since its last run.
///
/// Two runs at once send items twice, as SQS may do by itself, and one of them ends. A run that is cut off, or that fails,
/// is continued by the next.
pub fn run_due() -> ExitCode {
    serve_schedule(Dispatcher::of_function, Dispatcher::run)
}

impl Dispatcher {
    fn of_function() -> Result<Self, StartError> {
        let shared = shared_config()?;
        let named = optional(QUEUES).unwrap_or_default();
        let queues = named.split_whitespace().map(|entry| {
            let wrong = || ConfigError::Invalid(QUEUES, format!("{entry:?} is not name=url"));
            let (name, url) = entry.split_once('=').ok_or_else(wrong)?;
            Ok((name.to_owned(), Queue::new(&shared, url.to_owned())))
        });
        let queues = queues.collect::<Result<_, ConfigError>>()?;
        Ok(Self { ledger: DueLedger::open(&shared)?, queues })
    }

    async fn run(&'static self, run: Run) -> Result<(), NotSent> {
        match self.send_up_to(Minute::of(run.at), run).await {
            Err(NotSent::Store(StoreError::Conflict(Conflict::Version))) => {
                tracing::info!("another run sends what is due");
                Ok(())
            }
            outcome => outcome,
        }
    }

    async fn send_up_to(&'static self, last: Minute, run: Run) -> Result<(), NotSent> {
        let stored = self.ledger.position().await?;
        let first = || Versioned { version: Version::NONE, value: Position::at(last.before(LOST)) };
        let Versioned { mut version, value: mut position } = stored.unwrap_or_else(first);
        let (mut saved, mut sent) = (position.clone(), 0);
        while position.minute <= last {
            let Some(page) = run.within(self.send_page(&position)).await else { break };
            let DuePage { items, next } = page?;
            position = next;
            if !items.is_empty() {
                version = self.ledger.advance(version, &position).await?;
                saved = position.clone();
                sent += items.len();
            }
        }
        if saved != position {
            self.ledger.advance(version, &position).await?;
        }
        let is_cut_off = position.minute <= last;
        tracing::info!(sent, next = %position.minute, is_cut_off, "what is due was sent");
        Ok(())
    }

    async fn send_page(&'static self, position: &Position) -> Result<DuePage, NotSent> {
        let page = self.ledger.page(position, PAGE).await?;
        let mut of_consumers = BTreeMap::<&str, Vec<&DueItem>>::new();
        for item in &page.items {
            of_consumers.entry(&item.consumer).or_default().push(item);
        }
        let mut batches = Vec::new();
        for (consumer, items) in of_consumers {
            match self.queues.get(consumer) {
                Some(queue) => batches.extend(items.chunks(MOST_ENTRIES).map(|items| (queue, batch(items)))),
                None => self.postpone(&items).await?,
            }
        }
        let sends: Vec<_> = batches.into_iter().map(|(queue, batch)| queue.send_batch(batch)).collect();
        let sent = iter(sends).buffer_unordered(AT_ONCE).try_collect::<()>().await;
        sent.map_err(NotSent::Queue)?;
        Ok(page)
    }

    /// Items that nobody can handle hold up no others.
    async fn postpone(&self, items: &[&DueItem]) -> Result<(), StoreError> {
        let now = Timestamp::now();
        for item in items {
            let DueItem { consumer, tenant, event, .. } = item;
            tracing::error!(consumer, %tenant, %event, "what is due has no queue");
            self.ledger.put(item, now.saturating_add(UNKNOWN).unwrap_or(now), now).await?;
        }
        Ok(())
    }
}

/// The messages, each with the group of its tenant.
fn batch(items: &[&DueItem]) -> Vec<(String, String)> {
    items.iter().map(|item| (item.message.clone(), item.tenant.to_string())).collect()
}

#[cfg(test)]
mod tests;
