//! What of a table's stream its sources have not done with.

use super::{Switch, checkpoint};
use crate::model::StreamSource;
use crate::services::Services;

/// How far the sources of streams have come. Two that are equal say that nothing was written in between.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// The sequence numbers of the newest records, summed up.
    pub newest: i64,
    /// How many records are not done with, of those that the filters let through.
    pub records: usize,
}

/// Reads the stream from the source's checkpoint. A source that is switched off has no backlog; `None` if the stream cannot
/// be read.
pub(super) async fn of(services: &Services, source: &StreamSource, switch: &Switch) -> Option<Backlog> {
    let table =
        services.stack.tables.iter().find(|table| table.stream_arn.as_ref() == Some(&source.stream_arn));
    let Some(table) = table.filter(|_| switch.is_on()) else { return Some(Backlog::default()) };
    let filter = services.filters.of(&source.logical_id);
    let position = checkpoint::load(&services.database, checkpoint::of_stream(source)).await.ok()?;
    let mut backlog = Backlog { newest: position.unwrap_or(0), records: 0 };
    let streams = services.dynamodb.streams();
    loop {
        let page = streams.read(&table.name, &source.stream_arn, backlog.newest).await.ok()?;
        backlog.records += page.iter().filter(|record| filter.matches(&record.json)).count();
        backlog.newest = page.last().map_or(backlog.newest, |record| record.sequence);
        if !streams.is_full_page(page.len()) {
            return Some(backlog);
        }
    }
}
