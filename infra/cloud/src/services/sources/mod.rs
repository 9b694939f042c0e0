//! Event sources, which read streams and queues and call functions with batches.

mod answer;
mod backoff;
mod checkpoint;
mod filter;
mod housekeeping;
mod queue;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::task::JoinSet;

pub use self::filter::FilterError;
pub(crate) use self::filter::{Filter, Filters};
use super::Services;
use crate::invoke::Invoke;

/// The longest time that a source waits for a wake-up before it polls again.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The running event sources, which end when this is dropped.
#[derive(Debug)]
pub struct EventSources {
    tasks: JoinSet<()>,
}

impl EventSources {
    pub(super) fn start(services: &Arc<Services>, invoke: &Arc<dyn Invoke>) -> EventSources {
        let mut tasks = JoinSet::new();
        for source in &services.stack.stream_sources {
            if let Some(poller) = stream::StreamPoller::new(services, invoke, source) {
                tasks.spawn(poller.run());
            }
        }
        for source in &services.stack.queue_sources {
            if let Some(poller) = queue::QueuePoller::new(services, invoke, source) {
                tasks.spawn(Arc::new(poller).run());
            }
        }
        tasks.spawn(housekeeping::run(Arc::clone(services)));
        EventSources { tasks }
    }

    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}

fn event(records: &[Value]) -> Bytes {
    Bytes::from(json!({"Records": records}).to_string())
}
