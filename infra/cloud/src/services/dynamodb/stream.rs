//! The tables' streams: read in order, and pruned once consumed.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dynoxide::actions::get_records::{GetRecordsRequest, Record};
use dynoxide::actions::get_shard_iterator::encode_shard_iterator;
use dynoxide::streams::shard_id;
use dynoxide::{Database as Engine, DynoxideError};
use rusqlite::{Connection, params};
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::model::REGION;
use crate::storage::Storage;

/// The difference between the sequence number in a record and the stored one.
const SEQUENCE_OFFSET: i128 = 100_000_000_000_000_000_000;
const PAGE: usize = 500;
const PRUNE_PAGE: usize = 1000;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Each write selects the highest sequence number of its table, which scans all records without an index.
const INDEX: &str = "CREATE INDEX IF NOT EXISTS stream_records_by_sequence
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// The newest record stays, since the next sequence number is derived from it.
const PRUNE: &str = "DELETE FROM _stream_records WHERE id IN (
    SELECT id FROM _stream_records
    WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) <= ?2 AND created_at <= ?3
      AND CAST(sequence_number AS INTEGER) <
          (SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?1)
    ORDER BY CAST(sequence_number AS INTEGER) LIMIT ?4)";

#[derive(Debug, Clone)]
pub(crate) struct StreamRecord {
    pub(crate) sequence: i64,
    /// The sequence number in the form of events and responses.
    pub(crate) id: String,
    /// The complete record, in Lambda's form. It stays text, since filters and events need nothing else of it.
    pub(crate) json: String,
}

pub(crate) struct StreamStore {
    engine: Engine,
    turn: Arc<Semaphore>,
    /// `None` in memory, where a second connection would make the engine's writes fail and not wait.
    pruner: Option<Arc<Mutex<Connection>>>,
}

impl StreamStore {
    pub(super) fn open(
        engine: Engine,
        turn: Arc<Semaphore>,
        location: &str,
        storage: &Storage,
    ) -> rusqlite::Result<StreamStore> {
        let side = Connection::open(Path::new(location))?;
        side.busy_timeout(BUSY_TIMEOUT)?;
        side.pragma_update(None, "synchronous", "NORMAL")?;
        side.execute_batch(INDEX)?;
        let pruner = match storage {
            Storage::Memory => None,
            Storage::Directory(_) => Some(Arc::new(Mutex::new(side))),
        };
        Ok(StreamStore { engine, turn, pruner })
    }

    /// The records of a table after a sequence number, at most one page.
    pub(crate) async fn read(
        &self,
        table: &str,
        stream_arn: &str,
        after: i64,
    ) -> Result<Vec<StreamRecord>, DynoxideError> {
        let request = GetRecordsRequest {
            shard_iterator: encode_shard_iterator(table, &shard_id(table), after),
            limit: Some(PAGE),
        };
        let (engine, stream_arn) = (self.engine.clone(), stream_arn.to_owned());
        let failed = |error: String| DynoxideError::InternalServerError(error);
        let turn = Arc::clone(&self.turn).acquire_owned().await.map_err(|error| failed(error.to_string()))?;
        let read = move || {
            let answer = engine.get_records(request);
            drop(turn);
            answer?.records.into_iter().map(|record| shown(record, &stream_arn)).collect()
        };
        tokio::task::spawn_blocking(read).await.map_err(|error| failed(error.to_string()))?
    }

    /// Whether more may follow a page of this length.
    pub(crate) fn is_full_page(&self, length: usize) -> bool {
        length == PAGE
    }

    /// Deletes records up to a sequence number that were created at or before a time, in seconds.
    pub(crate) async fn prune(&self, table: &str, through: i64, made_before: i64) {
        let Some(pruner) = &self.pruner else {
            return;
        };
        // A turn for each page, since SQLite would make the engine's writes wait on their threads meanwhile.
        while let Ok(turn) = Arc::clone(&self.turn).acquire_owned().await {
            let (pruner, table) = (Arc::clone(pruner), table.to_owned());
            let page = tokio::task::spawn_blocking(move || {
                let side = pruner.lock().unwrap_or_else(PoisonError::into_inner);
                let mut prune = side.prepare_cached(PRUNE)?;
                let deleted = prune.execute(params![table, through, made_before, PRUNE_PAGE as i64]);
                drop(turn);
                deleted
            });
            match page.await {
                Ok(Ok(PRUNE_PAGE)) => {}
                Ok(Ok(_)) | Err(_) => return,
                Ok(Err(error)) => return tracing::warn!(%error, "a stream could not be pruned"),
            }
        }
    }
}

fn shown(mut record: Record, stream_arn: &str) -> Result<StreamRecord, DynoxideError> {
    #[derive(Serialize)]
    struct Shown<'a> {
        #[serde(rename = "eventSourceARN")]
        event_source_arn: &'a str,
        #[serde(flatten)]
        record: Record,
    }
    let damaged = || DynoxideError::InternalServerError("a stream record is damaged".into());
    let id = record.dynamodb.sequence_number.clone();
    let number: i128 = id.parse().map_err(|_| damaged())?;
    let sequence = i64::try_from(number - SEQUENCE_OFFSET).map_err(|_| damaged())?;
    record.aws_region = REGION.to_owned();
    let shown = Shown { event_source_arn: stream_arn, record };
    let json = serde_json::to_string(&shown).map_err(|_| damaged())?;
    Ok(StreamRecord { sequence, id, json })
}
