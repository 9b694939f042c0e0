//! Event sources, which read streams, queues and log events and call functions with batches, and schedules.

mod answer;
mod backlog;
mod backoff;
mod checkpoint;
mod filter;
mod housekeeping;
mod logs;
mod queue;
mod schedule;
mod stream;
mod switch;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinSet;

pub use self::backlog::Backlog;
pub use self::filter::FilterError;
pub(crate) use self::filter::{Filter, Filters};
pub use self::switch::NoEventSource;
use self::switch::{Switch, Switches};
use super::Services;
use crate::invoke::Invoke;
use crate::model::StreamSource;

/// The longest time that a source waits for a wake-up before it polls again.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The running event sources, which end when this is dropped.
#[derive(Debug)]
pub struct EventSources {
    tasks: JoinSet<()>,
    switches: Switches,
    streams: Vec<(StreamSource, Switch)>,
}

impl EventSources {
    pub(super) fn start(services: &Arc<Services>, invoke: &Arc<dyn Invoke>) -> EventSources {
        let (mut tasks, mut switches) = (JoinSet::new(), Switches::default());
        let mut streams = Vec::new();
        for source in &services.stack.stream_sources {
            let switch = switches.add(&source.function, source.enabled);
            streams.push((source.clone(), switch.clone()));
            if let Some(poller) = stream::StreamPoller::new(services, invoke, source, switch) {
                tasks.spawn(poller.run());
            }
        }
        for source in &services.stack.queue_sources {
            let switch = switches.add(&source.function, source.enabled);
            if let Some(poller) = queue::QueuePoller::new(services, invoke, source, switch) {
                tasks.spawn(Arc::new(poller).run());
            }
        }
        for subscription in &services.stack.log_subscriptions {
            let switch = switches.add(&subscription.function, true);
            tasks.spawn(logs::LogPoller::new(services, invoke, subscription, switch).run());
        }
        for schedule in &services.stack.schedules {
            let switch = switches.add(&schedule.function, schedule.enabled);
            if let Some(scheduler) = schedule::Scheduler::new(services, invoke, schedule, switch) {
                tasks.spawn(scheduler.run());
            }
        }
        tasks.spawn(housekeeping::run(Arc::clone(services)));
        EventSources { tasks, switches, streams }
    }

    /// Switches a function's sources off or on. While they are off, no batch is read and none is retried. Invocations
    /// that run already end as they would otherwise, and so do those of sources that had looked at the switch before:
    /// they may begin after this has returned.
    pub fn set_enabled(&self, function_logical_id: &str, enabled: bool) -> Result<(), NoEventSource> {
        self.switches.set(function_logical_id, enabled)
    }

    /// What the sources of streams have not done with; `None` if a stream cannot be read.
    pub(crate) async fn backlog(&self, services: &Services) -> Option<Backlog> {
        let mut all = Backlog::default();
        for (source, switch) in &self.streams {
            let Backlog { newest, records } = backlog::of(services, source, switch).await?;
            all = Backlog { newest: all.newest + newest, records: all.records + records };
        }
        Some(all)
    }

    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}

/// `records` are JSON.
fn event<'r>(records: impl IntoIterator<Item = &'r str>) -> Bytes {
    let mut event = String::from(r#"{"Records":["#);
    for (number, record) in records.into_iter().enumerate() {
        event.push_str(if number == 0 { "" } else { "," });
        event.push_str(record);
    }
    event.push_str("]}");
    event.into()
}
