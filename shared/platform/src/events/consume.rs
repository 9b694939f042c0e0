//! A consumer: events from its own queue, each handled within the event's tenant.

use std::future::Future;
use std::process::ExitCode;

use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};

use crate::aws::shared_config;
use crate::events::dead_letter::DeadLetterQueue;
use crate::events::{Envelope, Event, SOURCE};
use crate::runtime::{StartError, leak, run};
use crate::stores::{Scope, StoreError, TenantTable};
use crate::telemetry::take_cold_start;
use crate::tenancy::Tenant;

/// An event, and the data of the tenant that it happened in.
pub struct Delivery {
    pub envelope: Envelope,
    pub event: Event,
    pub store: Scope,
}

/// Why an event was not handled.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Worth another try: the message becomes visible again.
    #[error("{0}")]
    Transient(String),
    /// The same for ever: the message goes to the dead-letter queue at once.
    #[error("{0}")]
    Permanent(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) => Self::Permanent(error.to_string()),
            StoreError::Conflict(_) | StoreError::Unavailable(_) => Self::Transient(error.to_string()),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueueEvent {
    records: Vec<Message>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_id: String,
    body: String,
}

/// What EventBridge puts into the queue.
#[derive(Deserialize)]
struct BusEvent {
    source: String,
    detail: Envelope,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct BatchAnswer {
    batch_item_failures: Vec<ItemFailure>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemFailure {
    item_identifier: String,
}

pub fn consume<S, F, Fut>(open: fn() -> Result<S, StartError>, handle: F) -> ExitCode
where
    S: Send + Sync + 'static,
    F: Fn(&'static S, Delivery) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Failure>> + Send,
{
    run(async move {
        let shared = shared_config()?;
        let state: &'static S = leak(open()?);
        let table = leak(TenantTable::open(&shared)?);
        let dead_letters = leak(DeadLetterQueue::open(&shared)?);
        let service = service_fn(move |event: LambdaEvent<QueueEvent>| async move {
            let mut answer = BatchAnswer::default();
            for message in event.payload.records {
                let outcome = match delivery(table, &message.body) {
                    Ok(delivery) => handle(state, delivery).await,
                    Err(failure) => Err(failure),
                };
                if !settle(dead_letters, &message, outcome).await {
                    answer.batch_item_failures.push(ItemFailure { item_identifier: message.message_id });
                }
            }
            Ok::<_, lambda_runtime::Error>(answer)
        });
        lambda_runtime::run(service).await.map_err(StartError::from)
    })
}

/// Only the relay may put events on our bus, so a message with our source names a verified tenant.
fn delivery(table: &'static TenantTable, body: &str) -> Result<Delivery, Failure> {
    let unreadable =
        |error: serde_json::Error| Failure::Permanent(format!("the event cannot be read: {error}"));
    let BusEvent { source, detail: envelope } = serde_json::from_str(body).map_err(unreadable)?;
    if source != SOURCE {
        return Err(Failure::Permanent(format!("the source {source} is not ours")));
    }
    let event =
        Event::from_data(envelope.r#type, envelope.version, envelope.data.clone()).map_err(unreadable)?;
    let store = table.within(Tenant::verified(envelope.tenant));
    Ok(Delivery { envelope, event, store })
}

/// Whether the message is done with.
async fn settle(dead_letters: &DeadLetterQueue, message: &Message, outcome: Result<(), Failure>) -> bool {
    let cold_start = take_cold_start();
    let message_id = &message.message_id;
    match outcome {
        Ok(()) => {
            tracing::info!(message_id, cold_start, "event handled");
            true
        }
        Err(Failure::Transient(reason)) => {
            tracing::warn!(message_id, cold_start, reason, "event will be tried again");
            false
        }
        Err(Failure::Permanent(reason)) => {
            tracing::error!(message_id, cold_start, reason, "event goes to the dead-letter queue");
            match dead_letters.bury(message.body.clone(), &reason).await {
                Ok(()) => true,
                Err(reason) => {
                    tracing::error!(message_id, reason, "the dead-letter queue did not take the event");
                    false
                }
            }
        }
    }
}
