//! Calls a function with the lines that its subscription filter lets through, until it has taken them.
//!
//! AWS: Using CloudWatch Logs with Lambda, <https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html>

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::{LONGEST_WAIT, Switch};
use crate::invoke::Invoke;
use crate::model::{ACCOUNT, LogSubscription};
use crate::services::Services;
use crate::services::logs::LogEvent;

/// How many lines, and how many bytes of them, come in one event.
const LARGEST_BATCH: (usize, usize) = (1000, 1024 * 1024);
/// How long the first line waits for others, so that a function is not called for each line that others print.
const GATHERING: Duration = Duration::from_millis(100);
const PAUSE_AFTER_DATABASE_ERROR: Duration = Duration::from_secs(1);
/// All functions of a log group write into one stream here.
const STREAM: &str = "local";

pub(super) struct LogPoller {
    services: Arc<Services>,
    invoke: Arc<dyn Invoke>,
    subscription: LogSubscription,
    switch: Switch,
    kept: watch::Receiver<()>,
    /// Of the last line that was delivered.
    position: i64,
    /// Of the last line of a batch that the function has not taken. It comes again as it was, as in AWS, where an event
    /// is repeated: who adds lines up knows a batch again.
    untaken: Option<i64>,
    backoff: Backoff,
}

impl LogPoller {
    pub(super) fn new(
        services: &Arc<Services>,
        invoke: &Arc<dyn Invoke>,
        subscription: &LogSubscription,
        switch: Switch,
    ) -> LogPoller {
        LogPoller {
            services: Arc::clone(services),
            invoke: Arc::clone(invoke),
            subscription: subscription.clone(),
            switch,
            kept: services.logs.kept(),
            position: 0,
            untaken: None,
            backoff: Backoff::default(),
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            self.kept.borrow_and_update();
            match self.batch().await {
                events if events.is_empty() => {
                    let _ = timeout(LONGEST_WAIT, self.kept.changed()).await;
                }
                events if events.len() < LARGEST_BATCH.0 => {
                    sleep(GATHERING).await;
                    self.deliver().await;
                }
                _ => self.deliver().await,
            }
        }
    }

    async fn batch(&self) -> Vec<LogEvent> {
        loop {
            let logs = &self.services.logs;
            match logs.after(&self.subscription.logical_id, self.position, LARGEST_BATCH).await {
                Ok(mut events) => {
                    events.retain(|event| self.untaken.is_none_or(|last| event.position <= last));
                    return events;
                }
                Err(error) => {
                    tracing::error!(subscription = self.subscription.logical_id, %error, "the log events cannot be read");
                    sleep(PAUSE_AFTER_DATABASE_ERROR).await;
                }
            }
        }
    }

    /// A batch that failed comes again, without later lines.
    async fn deliver(&mut self) {
        self.switch.on().await;
        let events = self.batch().await;
        let Some(last) = events.last() else { return };
        let event = match event(&self.subscription, &events) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(subscription = self.subscription.logical_id, %error, "log events cannot be packed");
                return;
            }
        };
        match self.invoke.invoke(&self.subscription.function, event).await {
            Ok(_) => {
                (self.position, self.untaken) = (last.position, None);
                self.services.logs.forget_through(&self.subscription.logical_id, last.position);
                self.backoff.reset();
            }
            Err(error) => {
                let subscription = &self.subscription.logical_id;
                tracing::warn!(subscription, events = events.len(), %error, "log events failed and come again");
                self.untaken = Some(last.position);
                self.backoff.pause(&mut self.kept).await;
            }
        }
    }
}

fn event(subscription: &LogSubscription, events: &[LogEvent]) -> io::Result<Bytes> {
    let events: Vec<Value> = events
        .iter()
        .map(|event| json!({ "id": event.id, "timestamp": event.at, "message": event.message }))
        .collect();
    let data = json!({
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNT,
        "logGroup": subscription.log_group,
        "logStream": STREAM,
        "subscriptionFilters": [subscription.name],
        "logEvents": events,
    });
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(data.to_string().as_bytes())?;
    let data = STANDARD.encode(gzip.finish()?);
    Ok(json!({ "awslogs": { "data": data } }).to_string().into())
}
