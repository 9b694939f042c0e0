//! The relay, which publishes the commits in the table's stream on the event bus.
//!
//! A failure that may pass is reported to Lambda, which delivers the record again. A record or an event that
//! can never be published goes to the relay's dead-letter queue.

mod answer;
mod catalogue;
mod record;
mod steps;

use std::process::ExitCode;

use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use domain::event::SOURCE;
use lambda_runtime::LambdaEvent;
use serde::Deserialize;
use serde_json::Value;

use crate::aws::explain;
use crate::aws::{shared_config, with_endpoint};
use crate::config::required;
use crate::describe::describe_if_asked;
use crate::events::batch_answer::BatchAnswer;
use crate::events::queue::Queue;
use crate::metering::{Invocation, log_usage, metered};
use crate::runtime::{answer_events, leak, pause, run};
use answer::{Unpublished, unpublished};
use record::{Outgoing, outgoing};
use steps::{Step, steps};

const ATTEMPTS: u32 = 4;

struct Relay {
    events: aws_sdk_eventbridge::Client,
    bus: String,
    dead_letters: Queue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamEvent {
    records: Vec<Value>,
}

/// Serves the relay. Events are published at least once.
pub fn relay() -> ExitCode {
    if let Some(code) = describe_if_asked(|| serde_json::to_string(&catalogue::describe())) {
        return code;
    }
    run(async {
        let shared = shared_config()?;
        let relay = leak(Relay {
            events: aws_sdk_eventbridge::Client::new(&with_endpoint(&shared, "AWS_ENDPOINT_URL_EVENTBRIDGE")),
            bus: required("EVENT_BUS")?,
            dead_letters: Queue::dead_letters(&shared)?,
        });
        answer_events(move |event: LambdaEvent<StreamEvent>| async move {
            let failed = relay.answer(&event.payload.records).await.err();
            Ok::<_, lambda_runtime::Error>(failed.into_iter().collect::<BatchAnswer>())
        })
        .await
    })
}

/// The sequence number of the first record that was not published. Lambda delivers it again, with all that
/// follow.
type Failed = String;

impl Relay {
    async fn answer(&self, records: &[Value]) -> Result<(), Failed> {
        let invocation = Invocation::begin();
        let (outcome, metered) = metered(self.publish(records)).await;
        let failed_at = outcome.as_ref().err();
        log_usage!(invocation.usage(metered), records = records.len(), failed_at, "events relayed");
        outcome
    }

    /// Publishes in the order of the stream and stops at the first failure, since the records after it are
    /// delivered again in any case.
    async fn publish(&self, records: &[Value]) -> Result<(), Failed> {
        let steps = steps(records.iter().map(outgoing).zip(records));
        for step in steps {
            match step {
                Step::Publish(batch) => self.send(batch).await?,
                Step::SendToDeadLetter { sequence_number, body, reason } => {
                    self.send_to_dead_letter(sequence_number, body, &reason).await?;
                }
            }
        }
        Ok(())
    }

    /// Publishes a batch, and again the entries that failed, until none is left or the attempts are used up.
    async fn send(&self, mut batch: Vec<Outgoing>) -> Result<(), Failed> {
        let Some(first) = batch.first().map(|event| event.sequence_number.clone()) else { return Ok(()) };
        for attempt in 0..ATTEMPTS {
            pause(attempt).await;
            let entries = batch.iter().map(|event| self.entry(event)).collect();
            let answer = match self.events.put_events().set_entries(Some(entries)).send().await {
                Ok(answer) => answer,
                Err(error) => {
                    tracing::warn!(attempt, error = explain(error), "the event bus did not take a batch");
                    continue;
                }
            };
            let Unpublished { again, refused } = unpublished(batch, answer.entries());
            for (event, reason) in refused {
                let buried = self.send_to_dead_letter(event.sequence_number, event.detail, &reason).await;
                // An earlier event of the batch may be unpublished, so the whole batch is delivered again.
                buried.map_err(|_| first.clone())?;
            }
            batch = again;
            if batch.is_empty() {
                return Ok(());
            }
        }
        batch.into_iter().next().map_or(Ok(()), |event| Err(event.sequence_number))
    }

    fn entry(&self, event: &Outgoing) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .source(SOURCE)
            .detail_type(event.event_type.as_str())
            .detail(&event.detail)
            .event_bus_name(&self.bus)
            .build()
    }

    async fn send_to_dead_letter(
        &self,
        sequence_number: String,
        body: String,
        reason: &str,
    ) -> Result<(), Failed> {
        tracing::error!(sequence_number, reason, "an event goes to the dead-letter queue");
        self.dead_letters.send_dead_letter(body, reason, None).await.map_err(|error| {
            tracing::error!(sequence_number, error, "the dead-letter queue did not take the event");
            sequence_number
        })
    }
}
