//! The position of each stream source, kept across restarts.

use rusqlite::{OptionalExtension, params};

use crate::model::StreamSource;
use crate::services::database::{Database, DatabaseError};

/// Contains the stream, so that a source that is moved to another one starts from the beginning.
fn name(source: &StreamSource) -> String {
    format!("{}/{}", source.logical_id, source.stream_arn)
}

/// Zero, which is the trim horizon, for a source without a checkpoint.
pub(super) async fn load(database: &Database, source: &StreamSource) -> Result<i64, DatabaseError> {
    let name = name(source);
    let stored = database
        .transaction(move |transaction| {
            transaction
                .query_row("SELECT sequence FROM checkpoints WHERE source = ?1", [name], |row| row.get(0))
                .optional()
        })
        .await?;
    Ok(stored.unwrap_or(0))
}

/// A checkpoint that is lost makes records come again after a restart, and no more, so nobody waits for it.
pub(super) fn save(database: &Database, source: &StreamSource, sequence: i64) {
    let name = name(source);
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
