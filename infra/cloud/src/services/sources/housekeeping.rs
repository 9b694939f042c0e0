//! What AWS does in the background: it expires items and messages, and trims streams.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::checkpoint;
use crate::model::Table;
use crate::services::Services;
use crate::services::clock::now_ms;

const PERIOD: Duration = Duration::from_secs(10);
const STREAM_RETENTION_SECONDS: i64 = 24 * 3600;

pub(super) async fn run(services: Arc<Services>) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        services.dynamodb.sweep().await;
        if let Err(error) = services.queues.expire().await {
            tracing::error!(%error, "old messages could not be deleted");
        }
        for table in &services.stack.tables {
            prune(&services, table).await;
        }
    }
}

/// Deletes records once every source has consumed them; without a source, after a day.
async fn prune(services: &Services, table: &Table) {
    let now = now_ms() / 1000;
    let mut consumed = None::<i64>;
    for source in &services.stack.stream_sources {
        if Some(&source.stream_arn) == table.stream_arn.as_ref() {
            match checkpoint::load(&services.database, checkpoint::of_stream(source)).await {
                Ok(stored) => {
                    let sequence = stored.unwrap_or(0);
                    consumed = Some(consumed.map_or(sequence, |least| least.min(sequence)));
                }
                Err(_) => return,
            }
        }
    }
    let streams = services.dynamodb.streams();
    match consumed {
        Some(sequence) => streams.prune(&table.name, sequence, now).await,
        None if table.stream_arn.is_some() => {
            streams.prune(&table.name, i64::MAX, now - STREAM_RETENTION_SECONDS).await;
        }
        None => {}
    }
}
