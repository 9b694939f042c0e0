//! How far each stream source has come, kept across restarts.

use rusqlite::{OptionalExtension, params};

use crate::model::StreamSource;
use crate::services::database::{Database, DatabaseError};

/// A source that is moved to another stream starts anew.
fn name(source: &StreamSource) -> String {
    format!("{}/{}", source.logical_id, source.stream_arn)
}

/// Zero for a source that has not begun: the trim horizon.
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

pub(super) async fn save(
    database: &Database,
    source: &StreamSource,
    sequence: i64,
) -> Result<(), DatabaseError> {
    let name = name(source);
    database
        .transaction(move |transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO checkpoints (source, sequence) VALUES (?1, ?2)
                     ON CONFLICT (source) DO UPDATE SET sequence = excluded.sequence",
                )?
                .execute(params![name, sequence])
        })
        .await?;
    Ok(())
}
