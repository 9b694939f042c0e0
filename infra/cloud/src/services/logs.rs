//! CloudWatch Logs: the lines of functions that subscription filters let through, kept until their functions have them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::{Row, Transaction, params};
use tokio::sync::watch;
use tokio::time::sleep;

use super::clock::now_ms;
use super::database::{Database, DatabaseError};
use crate::ids::new_uuid;
use crate::log_pattern::{LogPattern, LogPatternError};
use crate::model::{Function, Stack};

const PAUSE_AFTER_DATABASE_ERROR: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
#[error("{subscription}: its filter pattern is not supported here: {reason}")]
pub struct SubscriptionError {
    subscription: String,
    reason: LogPatternError,
}

pub(crate) struct Logs {
    database: Database,
    /// By the name of the log group.
    filters: BTreeMap<String, Arc<[Filter]>>,
    kept: watch::Sender<()>,
    /// Lines that are being committed.
    unkept: Arc<AtomicU64>,
}

struct Filter {
    subscription: String,
    pattern: LogPattern,
}

/// Takes the lines that one function prints.
#[derive(Clone)]
pub(crate) struct LogTap {
    database: Database,
    filters: Arc<[Filter]>,
    kept: watch::Sender<()>,
    unkept: Arc<AtomicU64>,
}

/// A line that a subscription's function has not had yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogEvent {
    pub(crate) position: i64,
    /// That of the line, whoever gets it and however often: 56 digits, as in AWS.
    pub(crate) id: String,
    /// When the line was read, in milliseconds since the epoch.
    pub(crate) at: i64,
    pub(crate) message: String,
}

impl Logs {
    pub(crate) fn open(database: Database, stack: &Stack) -> Result<Logs, SubscriptionError> {
        let mut filters: BTreeMap<String, Vec<Filter>> = BTreeMap::new();
        for subscription in &stack.log_subscriptions {
            let pattern = LogPattern::parse(&subscription.pattern).map_err(|reason| SubscriptionError {
                subscription: subscription.logical_id.clone(),
                reason,
            })?;
            let filter = Filter { subscription: subscription.logical_id.clone(), pattern };
            filters.entry(subscription.log_group.clone()).or_default().push(filter);
        }
        let filters = filters.into_iter().map(|(group, filters)| (group, filters.into())).collect();
        Ok(Logs { database, filters, kept: watch::Sender::new(()), unkept: Arc::default() })
    }

    /// `None` if nobody gets the function's lines.
    pub(crate) fn tap(&self, function: &Function) -> Option<LogTap> {
        Some(LogTap {
            database: self.database.clone(),
            filters: Arc::clone(self.filters.get(&function.log_group)?),
            kept: self.kept.clone(),
            unkept: Arc::clone(&self.unkept),
        })
    }

    pub(crate) fn kept(&self) -> watch::Receiver<()> {
        self.kept.subscribe()
    }

    /// The oldest lines after this position, as many as there are, up to `max` and one more than `max_bytes` hold.
    pub(crate) async fn after(
        &self,
        subscription: &str,
        position: i64,
        (max, max_bytes): (usize, usize),
    ) -> Result<Vec<LogEvent>, DatabaseError> {
        let subscription = subscription.to_owned();
        let events = self.database.transaction(move |transaction| {
            read(transaction, &subscription, position, max).map(|events| up_to(events, max_bytes))
        });
        events.await
    }

    /// Forgets lines that were delivered, in a moment: if that is lost, they come again.
    pub(crate) fn forget_through(&self, subscription: &str, position: i64) {
        let subscription = subscription.to_owned();
        let what = "delivered log events could not be deleted";
        self.database.transaction_soon(what, move |transaction| {
            transaction
                .prepare_cached("DELETE FROM log_events WHERE subscription = ?1 AND position <= ?2")?
                .execute(params![subscription, position])
                .map(drop)
        });
    }

    /// How many lines were read and matched, and not delivered yet.
    pub(crate) fn outstanding(&self) -> rusqlite::Result<u64> {
        // Before the stored ones, so that no line is missed which is committed meanwhile.
        let unkept = self.unkept.load(Ordering::SeqCst);
        let stored: u64 = self.database.transaction_now(|transaction| {
            transaction.query_row("SELECT COUNT(*) FROM log_events", [], |row| row.get(0))
        })?;
        Ok(unkept + stored)
    }
}

impl LogTap {
    /// Returns once the lines that match are committed. Whoever reads lines waits for that before it reads more, so a
    /// kill loses none but those of the last read.
    pub(crate) async fn keep(&self, lines: Vec<String>) {
        let events = self.events(lines);
        let count = events.len() as u64;
        if count == 0 {
            return;
        }
        self.unkept.fetch_add(count, Ordering::SeqCst);
        let events = Arc::new(events);
        loop {
            let events = Arc::clone(&events);
            match self.database.transaction(move |transaction| insert(transaction, &events)).await {
                Ok(()) | Err(DatabaseError::Stopping) => break,
                Err(error) => {
                    tracing::error!(%error, "log events cannot be kept, and their function has to wait");
                    sleep(PAUSE_AFTER_DATABASE_ERROR).await;
                }
            }
        }
        self.unkept.fetch_sub(count, Ordering::SeqCst);
        self.kept.send_replace(());
    }

    /// Each line once for each filter that lets it through.
    fn events(&self, lines: Vec<String>) -> Vec<(String, LogEvent)> {
        let at = now_ms();
        let mut events = Vec::new();
        for message in lines {
            let matching = self.filters.iter().filter(|filter| filter.pattern.matches(&message));
            let matching: Vec<&Filter> = matching.collect();
            if !matching.is_empty() {
                let id = format!("{:056}", new_uuid().as_u128());
                let event = LogEvent { position: 0, id, at, message };
                events.extend(matching.iter().map(|filter| (filter.subscription.clone(), event.clone())));
            }
        }
        events
    }
}

fn insert(transaction: &Transaction<'_>, events: &[(String, LogEvent)]) -> rusqlite::Result<()> {
    let mut insert = transaction
        .prepare_cached("INSERT INTO log_events (subscription, id, at, message) VALUES (?1, ?2, ?3, ?4)")?;
    for (subscription, event) in events {
        insert.execute(params![subscription, event.id, event.at, event.message])?;
    }
    Ok(())
}

fn read(
    transaction: &Transaction<'_>,
    subscription: &str,
    position: i64,
    max: usize,
) -> rusqlite::Result<Vec<LogEvent>> {
    transaction
        .prepare_cached(
            "SELECT position, id, at, message FROM log_events
             WHERE subscription = ?1 AND position > ?2 ORDER BY position LIMIT ?3",
        )?
        .query_map(params![subscription, position, max as i64], event)?
        .collect()
}

fn event(row: &Row<'_>) -> rusqlite::Result<LogEvent> {
    Ok(LogEvent { position: row.get(0)?, id: row.get(1)?, at: row.get(2)?, message: row.get(3)? })
}

/// The first event is there whatever its size is.
fn up_to(mut events: Vec<LogEvent>, max_bytes: usize) -> Vec<LogEvent> {
    let mut bytes = 0;
    let fitting = events.iter().take_while(|event| {
        let fits = bytes == 0 || bytes + event.message.len() <= max_bytes;
        bytes += event.message.len();
        fits
    });
    let count = fitting.count();
    events.truncate(count);
    events
}

#[cfg(test)]
mod tests;
