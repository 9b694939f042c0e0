//! The services' own database: queues, checkpoints, log events, mails and keys.
//!
//! It has one connection and a write-ahead log. What was committed lies with the kernel, so it survives `kill -9`; the
//! last commits before a loss of power may be gone (docs/adr/0037). Transactions that arrive while another one is being
//! written share the next commit.

mod commit;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use self::commit::{Step, commit, step};
use crate::storage::{Storage, private_file};

const SCHEMA_VERSION: i64 = 3;

const SCHEMA: &str = "
CREATE TABLE messages (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    attributes TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receipt TEXT,
    receives INTEGER NOT NULL DEFAULT 0,
    receives_in_queue INTEGER NOT NULL DEFAULT 0,
    first_received_at INTEGER,
    message_group TEXT
);
CREATE INDEX messages_by_visibility ON messages (queue, visible_at, position, message_group);
CREATE INDEX messages_by_receipt ON messages (receipt) WHERE receipt IS NOT NULL;
CREATE TABLE checkpoints (source TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE TABLE log_events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX log_events_by_subscription ON log_events (subscription, position);
CREATE TABLE signing_keys (key_id TEXT PRIMARY KEY, secret BLOB NOT NULL);
CREATE TABLE mails (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT,
    html TEXT,
    sent_at INTEGER NOT NULL
);";

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// Of a commit that several transactions shared.
    #[error("the database failed: {0}")]
    Commit(Arc<rusqlite::Error>),
    #[error("a transaction panicked, and was undone")]
    Panic,
    #[error("the database file {path} cannot be opened: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error(
        "the database has schema version {found}, this program knows {SCHEMA_VERSION}; delete the data directory to start anew"
    )]
    Version { found: i64 },
    #[error("the cloud is stopping")]
    Stopping,
}

#[derive(Clone)]
pub(crate) struct Database(Arc<Shared>);

struct Shared {
    connection: Mutex<Connection>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    steps: Vec<Step>,
    /// Whether a thread is committing steps; it takes those that arrive meanwhile.
    is_served: bool,
    /// Whether the steps will be committed in a moment.
    is_due: bool,
}

/// How long what may be lost waits for another transaction to share a commit with.
const MOMENT: Duration = Duration::from_millis(10);

impl Database {
    pub(crate) fn open(storage: &Storage) -> Result<Database, DatabaseError> {
        let mut connection = match storage {
            Storage::Memory => Connection::open_in_memory()?,
            Storage::Directory(directory) => {
                let path = directory.join("cloud.sqlite");
                private_file(&path).map_err(|source| DatabaseError::File { path: path.clone(), source })?;
                Connection::open(path)?
            }
        };
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        migrate(&mut connection)?;
        Ok(Database(Arc::new(Shared { connection: Mutex::new(connection), waiting: Mutex::default() })))
    }

    /// Runs one transaction on a blocking thread, since a commit may wait for the disk.
    pub(crate) async fn transaction<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        self.transaction_then(work, |_| ()).await
    }

    /// Calls `then` after the commit, even when the caller has gone away in the meantime.
    pub(crate) async fn transaction_then<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let (reply, answer) = oneshot::channel();
        self.serve_with(step(work, |outcome| {
            let _ = reply.send(outcome.inspect(then));
        }));
        answer.await.unwrap_or(Err(DatabaseError::Stopping))
    }

    /// Runs work with the next transaction, or by itself in a moment. It is for work that makes the same be done twice
    /// if it is lost, and no more. `what` names it in the log if it fails.
    pub(crate) fn transaction_soon(
        &self,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()> + Send + 'static,
    ) {
        let mut waiting = lock(&self.0.waiting);
        waiting.steps.push(step(work, move |outcome| {
            if let Err(error) = outcome {
                tracing::error!(%error, "{what}");
            }
        }));
        if !waiting.is_served && !std::mem::replace(&mut waiting.is_due, true) {
            let shared = Arc::downgrade(&self.0);
            tokio::spawn(async move {
                tokio::time::sleep(MOMENT).await;
                if let Some(shared) = shared.upgrade() {
                    Database(shared).serve();
                }
            });
        }
    }

    fn serve_with(&self, step: Step) {
        lock(&self.0.waiting).steps.push(step);
        self.serve();
    }

    /// Commits all steps on a blocking thread, unless one is at it.
    fn serve(&self) {
        let mut waiting = lock(&self.0.waiting);
        waiting.is_due = false;
        if !std::mem::replace(&mut waiting.is_served, true) {
            let shared = Arc::clone(&self.0);
            tokio::task::spawn_blocking(move || shared.serve());
        }
    }

    pub(crate) fn transaction_now<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        self.0.transaction(work)
    }
}

impl Shared {
    fn serve(&self) {
        loop {
            // In a statement of its own, so that the lock is not held while the steps are committed.
            let steps = lock(&self.waiting).next();
            let Some(steps) = steps else { return };
            commit(&self.connection, steps);
        }
    }

    fn transaction<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut connection = lock(&self.connection);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }
}

impl Drop for Shared {
    /// A cloud that stops in good order leaves nothing undone.
    fn drop(&mut self) {
        let steps = std::mem::take(&mut lock(&self.waiting).steps);
        if !steps.is_empty() {
            commit(&self.connection, steps);
        }
    }
}

impl Waiting {
    fn next(&mut self) -> Option<Vec<Step>> {
        let steps = std::mem::take(&mut self.steps);
        self.is_served = !steps.is_empty();
        self.is_served.then_some(steps)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn migrate(connection: &mut Connection) -> Result<(), DatabaseError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match transaction.pragma_query_value(None, "user_version", |row| row.get(0))? {
        0 => {
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        }
        SCHEMA_VERSION => {}
        found => return Err(DatabaseError::Version { found }),
    }
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests;
