//! Calls a function at the times of its schedule.
//!
//! EventBridge calls it asynchronously, so Lambda repeats what fails: an error of the function twice, and a call that
//! found no process until it finds one.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::backoff::Backoff;
use super::{LONGEST_WAIT, Switch, checkpoint};
use crate::ids::new_uuid;
use crate::invoke::Invoke;
use crate::model::{ACCOUNT, REGION, Schedule};
use crate::schedule::ScheduleExpression;
use crate::services::Services;

/// Of an error of the function.
const RETRIES: u32 = 2;
const PAUSE_AFTER_DATABASE_ERROR: Duration = Duration::from_secs(1);

pub(super) struct Scheduler {
    services: Arc<Services>,
    invoke: Arc<dyn Invoke>,
    schedule: Schedule,
    expression: ScheduleExpression,
    switch: Switch,
    moved: watch::Receiver<()>,
    began: Timestamp,
}

impl Scheduler {
    pub(super) fn new(
        services: &Arc<Services>,
        invoke: &Arc<dyn Invoke>,
        schedule: &Schedule,
        switch: Switch,
    ) -> Option<Scheduler> {
        let expression = ScheduleExpression::parse(&schedule.expression);
        let expression = expression.inspect_err(|error| {
            tracing::error!(schedule = schedule.logical_id, %error, "the schedule cannot be read");
        });
        Some(Scheduler {
            services: Arc::clone(services),
            invoke: Arc::clone(invoke),
            schedule: schedule.clone(),
            expression: expression.ok()?,
            switch,
            moved: services.clock.moved(),
            began: services.clock.now(),
        })
    }

    pub(super) async fn run(mut self) {
        let mut last = self.start().await;
        loop {
            if !self.switch.is_on() {
                self.switch.on().await;
                last = self.services.clock.now();
                self.save(last);
            }
            self.moved.borrow_and_update();
            let now = self.services.clock.now();
            match self.expression.due(last, now) {
                Some(due) => {
                    self.call(due).await;
                    last = due;
                    self.save(last);
                }
                None => self.wait(last, now).await,
            }
        }
    }

    /// The last run, or the first start: nothing was missed before it.
    async fn start(&self) -> Timestamp {
        loop {
            match checkpoint::load(&self.services.database, checkpoint::of_schedule(&self.schedule)).await {
                Ok(stored) => {
                    let stored = stored.and_then(|last| Timestamp::from_millisecond(last).ok());
                    return stored.unwrap_or_else(|| {
                        self.save(self.began);
                        self.began
                    });
                }
                Err(error) => {
                    tracing::error!(schedule = self.schedule.logical_id, %error, "its last run cannot be read");
                    sleep(PAUSE_AFTER_DATABASE_ERROR).await;
                }
            }
        }
    }

    fn save(&self, last: Timestamp) {
        let name = checkpoint::of_schedule(&self.schedule);
        checkpoint::save(&self.services.database, name, last.as_millisecond());
    }

    /// Looks again now and then, since the machine may sleep, and whether the schedule is switched off.
    async fn wait(&mut self, last: Timestamp, now: Timestamp) {
        let next = self.expression.next_after(last).map(|next| next.duration_since(now));
        let pause = next.and_then(|pause| Duration::try_from(pause).ok()).unwrap_or(LONGEST_WAIT);
        let _ = timeout(pause.min(LONGEST_WAIT), self.moved.changed()).await;
    }

    async fn call(&mut self, at: Timestamp) {
        let (event, schedule) = (self.event(at), &self.schedule.logical_id);
        let (mut backoff, mut failures) = (Backoff::default(), 0);
        while let Err(error) = self.invoke.invoke(&self.schedule.function, event.clone()).await {
            failures += u32::from(error.blames_event());
            if failures > RETRIES {
                tracing::error!(schedule, %at, %error, "a scheduled run failed for the last time");
                return;
            }
            tracing::warn!(schedule, %at, %error, "a scheduled run failed and is repeated");
            backoff.pause(&mut self.moved).await;
        }
    }

    fn event(&self, at: Timestamp) -> Bytes {
        if let Some(input) = &self.schedule.input {
            return Bytes::from(input.clone());
        }
        let event = json!({
            "version": "0",
            "id": new_uuid().to_string(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "region": REGION,
            "resources": [self.schedule.arn],
            "detail": {},
        });
        event.to_string().into()
    }
}
