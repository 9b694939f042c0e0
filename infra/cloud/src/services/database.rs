//! The services' own database: queues, checkpoints, mails and keys.
//!
//! It has one connection and a write-ahead log. What was committed lies with the kernel, so that it survives `kill -9`;
//! a loss of power may take the last commits (docs/adr/0037).

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::storage::{Storage, private_file};

const SCHEMA_VERSION: i64 = 1;

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
    first_received_at INTEGER
);
CREATE INDEX messages_by_visibility ON messages (queue, visible_at, position);
CREATE INDEX messages_by_receipt ON messages (receipt) WHERE receipt IS NOT NULL;
CREATE TABLE checkpoints (source TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
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
    #[error("the database file {path} cannot be opened: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error(
        "the database has schema version {found}, this program knows {SCHEMA_VERSION}; delete the data directory to start anew"
    )]
    Version { found: i64 },
    #[error("the cloud is stopping")]
    Stopping,
}

#[derive(Debug, Clone)]
pub(crate) struct Database {
    connection: Arc<Mutex<Connection>>,
}

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
        Ok(Database { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Runs one transaction on a blocking thread, since a commit waits for the disk.
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
        let database = self.clone();
        match tokio::task::spawn_blocking(move || database.transaction_now(work).inspect(then)).await {
            Ok(result) => Ok(result?),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(DatabaseError::Stopping),
        }
    }

    pub(crate) fn transaction_now<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
