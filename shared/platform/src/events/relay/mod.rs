//! From the table's stream to the event bus. What fails for a while is reported to Lambda and comes again; what can
//! never succeed goes to the relay's own queue, whole.

mod batch;
mod record;

use std::process::ExitCode;
use std::time::Duration;

use aws_sdk_eventbridge::types::{PutEventsRequestEntry, PutEventsResultEntry};
use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::aws::{shared_config, with_endpoint};
use crate::config::required;
use crate::events::SOURCE;
use crate::events::dead_letter::DeadLetterQueue;
use crate::runtime::{StartError, leak, run};
use crate::stores::chain;
use crate::telemetry::take_cold_start;
use batch::batches;
use record::{Outgoing, outgoing, sequence_number};

const ATTEMPTS: u32 = 4;
/// Error codes of single entries that no retry can help.
const PERMANENT: [&str; 2] = ["InvalidArgument", "MalformedDetail"];

struct Relay {
    events: aws_sdk_eventbridge::Client,
    bus: String,
    dead_letters: DeadLetterQueue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StreamEvent {
    records: Vec<Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchAnswer {
    batch_item_failures: Vec<ItemFailure>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemFailure {
    item_identifier: String,
}

pub fn relay() -> ExitCode {
    run(async {
        let shared = shared_config()?;
        let relay = leak(Relay {
            events: aws_sdk_eventbridge::Client::new(&with_endpoint(&shared, "AWS_ENDPOINT_URL_EVENTBRIDGE")),
            bus: required("EVENT_BUS")?,
            dead_letters: DeadLetterQueue::open(&shared)?,
        });
        let service = service_fn(move |event: LambdaEvent<StreamEvent>| async move {
            let failed = relay.publish(&event.payload.records).await;
            let batch_item_failures =
                failed.into_iter().map(|item_identifier| ItemFailure { item_identifier }).collect();
            Ok::<_, lambda_runtime::Error>(BatchAnswer { batch_item_failures })
        });
        lambda_runtime::run(service).await.map_err(StartError::from)
    })
}

impl Relay {
    /// The sequence numbers of the records that were not published.
    async fn publish(&self, records: &[Value]) -> Vec<String> {
        let mut failed = Vec::new();
        let mut ready = Vec::new();
        for record in records {
            match outgoing(record) {
                Ok(events) => ready.extend(events),
                Err(reason) => {
                    failed.extend(self.bury(sequence_number(record), record.to_string(), &reason).await)
                }
            }
        }
        let published = ready.len();
        for batch in batches(ready) {
            match batch {
                Ok(batch) => failed.extend(self.send(batch).await),
                Err(large) => {
                    let reason = "the event is larger than the bus takes";
                    failed.extend(self.bury(large.sequence_number, large.detail, reason).await);
                }
            }
        }
        tracing::info!(
            events = published,
            failed = failed.len(),
            cold_start = take_cold_start(),
            "events relayed"
        );
        failed
    }

    /// Sends the entries, and again those that failed, until all are through or the attempts are used up.
    async fn send(&self, mut batch: Vec<Outgoing>) -> Vec<String> {
        let mut failed = Vec::new();
        for attempt in 1..=ATTEMPTS {
            let request = self
                .events
                .put_events()
                .set_entries(Some(batch.iter().map(|event| self.entry(event)).collect()));
            match request.send().await {
                Ok(answer) => {
                    let mut again = Vec::new();
                    for (event, result) in batch.into_iter().zip(answer.entries()) {
                        match result.error_code() {
                            None => {}
                            Some(code) if PERMANENT.contains(&code) => {
                                failed.extend(
                                    self.bury(event.sequence_number, event.detail, &reason(result)).await,
                                );
                            }
                            Some(_) => again.push(event),
                        }
                    }
                    batch = again;
                }
                Err(error) => {
                    tracing::warn!(attempt, error = chain(&error), "the event bus did not take a batch")
                }
            }
            if batch.is_empty() {
                return failed;
            }
            tokio::time::sleep(Duration::from_millis(50) * 2u32.pow(attempt)).await;
        }
        failed.extend(batch.into_iter().map(|event| event.sequence_number));
        failed
    }

    fn entry(&self, event: &Outgoing) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .source(SOURCE)
            .detail_type(event.event_type.as_str())
            .detail(&event.detail)
            .event_bus_name(&self.bus)
            .build()
    }

    /// None when the queue took it; else its number, so that it comes again.
    async fn bury(&self, sequence_number: String, body: String, reason: &str) -> Option<String> {
        tracing::error!(sequence_number, reason, "event goes to the dead-letter queue");
        match self.dead_letters.bury(body, reason).await {
            Ok(()) => None,
            Err(error) => {
                tracing::error!(sequence_number, error, "the dead-letter queue did not take the event");
                Some(sequence_number)
            }
        }
    }
}

fn reason(result: &PutEventsResultEntry) -> String {
    format!("{}: {}", result.error_code().unwrap_or_default(), result.error_message().unwrap_or_default())
}
