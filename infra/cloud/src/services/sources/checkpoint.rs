//! The position of each stream source and of each schedule, kept across restarts.

use rusqlite::{OptionalExtension, params};

use crate::model::{Schedule, StreamSource};
use crate::services::database::{Database, DatabaseError};

/// Contains the stream, so that a source that is moved to another one starts from the beginning.
pub(super) fn of_stream(source: &StreamSource) -> String {
    format!("{}/{}", source.logical_id, source.stream_arn)
}

/// Contains the expression, so that a schedule that is changed counts from the start.
pub(super) fn of_schedule(schedule: &Schedule) -> String {
    format!("{}/{}", schedule.arn, schedule.expression)
}

pub(super) async fn load(database: &Database, name: String) -> Result<Option<i64>, DatabaseError> {
    database
        .transaction(move |transaction| {
            transaction
                .query_row("SELECT sequence FROM checkpoints WHERE source = ?1", [name], |row| row.get(0))
                .optional()
        })
        .await
}

/// A checkpoint that is lost makes the same come again after a restart, and no more, so nobody waits for it.
pub(super) fn save(database: &Database, name: String, sequence: i64) {
    database.transaction_soon("a checkpoint could not be saved", move |transaction| {
        transaction
            .prepare_cached(
                "INSERT INTO checkpoints (source, sequence) VALUES (?1, ?2)
                 ON CONFLICT (source) DO UPDATE SET sequence = excluded.sequence",
            )?
            .execute(params![name, sequence])
            .map(drop)
    });
}
