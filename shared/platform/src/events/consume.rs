//! Consumers: functions that handle the events of a queue, each within the event's tenant.

use std::future::Future;
use std::process::ExitCode;

use aws_types::SdkConfig;
use domain::event::{Envelope, Event, SOURCE};
use futures::future::join_all;
use lambda_runtime::{LambdaEvent, service_fn};
use serde::Deserialize;

use crate::StartError;
use crate::aws::shared_config;
use crate::events::batch_answer::BatchAnswer;
use crate::events::dead_letter::DeadLetterQueue;
use crate::runtime::{leak, run};
use crate::table::{Scope, StoreError, TenantTable};
use crate::telemetry::{function_name, take_cold_start};
use crate::tenancy::Tenant;

/// An event, with access to the data of its tenant.
pub struct Delivery {
    pub envelope: Envelope,
    pub event: Event,
    pub store: Scope,
}

/// Why an event was not handled.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A retry may succeed: the message becomes visible in the queue again.
    #[error("{0}")]
    Transient(String),
    /// No retry can succeed: the message goes to the dead-letter queue at once.
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

/// The body of a message that EventBridge has sent to the queue.
#[derive(Deserialize)]
struct BusEvent {
    source: String,
    detail: Envelope,
}

/// Serves a consumer. `open` runs once, at start-up.
///
/// An event may be delivered more than once, and in any order. The messages of a batch are handled
/// concurrently and independently, so that a slow or failing one does not hold up the others.
pub fn consume<S, F, Fut>(open: fn(&SdkConfig) -> Result<S, StartError>, handle: F) -> ExitCode
where
    S: Send + Sync + 'static,
    F: Fn(&'static S, Delivery) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Failure>> + Send,
{
    run(async move {
        let shared = shared_config()?;
        let state: &'static S = leak(open(&shared)?);
        let table = leak(TenantTable::open(&shared)?);
        let dead_letters = leak(DeadLetterQueue::open(&shared)?);
        let service = service_fn(move |event: LambdaEvent<QueueEvent>| async move {
            let cold_start = take_cold_start();
            let messages = event.payload.records.iter().map(|message| async move {
                let outcome = match delivery(table, &message.body) {
                    Ok(delivery) => {
                        let subject = Subject::of(&delivery.envelope);
                        (Some(subject), handle(state, delivery).await)
                    }
                    Err(failure) => (None, Err(failure)),
                };
                let done = settle(dead_letters, message, outcome, cold_start).await;
                (!done).then(|| message.message_id.clone())
            });
            let failed = join_all(messages).await.into_iter().flatten();
            Ok::<_, lambda_runtime::Error>(failed.collect::<BatchAnswer>())
        });
        lambda_runtime::run(service).await.map_err(StartError::from)
    })
}

/// The fields of an event that are logged.
struct Subject {
    event: String,
    event_type: &'static str,
    tenant: String,
}

impl Subject {
    fn of(envelope: &Envelope) -> Self {
        Self {
            event: envelope.id.to_string(),
            event_type: envelope.r#type.as_str(),
            tenant: envelope.tenant.to_string(),
        }
    }
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
    let store = table.within(Tenant::from_own_event(envelope.tenant));
    Ok(Delivery { envelope, event, store })
}

/// Logs the outcome, and sends a message whose failure is permanent to the dead-letter queue. Returns whether
/// the queue can delete the message.
async fn settle(
    dead_letters: &DeadLetterQueue,
    message: &Message,
    (subject, outcome): (Option<Subject>, Result<(), Failure>),
    cold_start: bool,
) -> bool {
    let (result, reason) = match &outcome {
        Ok(()) => ("handled", None),
        Err(Failure::Transient(reason)) => ("will be tried again", Some(reason)),
        Err(Failure::Permanent(reason)) => ("goes to the dead-letter queue", Some(reason)),
    };
    tracing::info!(
        function = function_name(),
        message_id = message.message_id,
        event = subject.as_ref().map(|subject| &subject.event),
        event_type = subject.as_ref().map(|subject| subject.event_type),
        tenant = subject.as_ref().map(|subject| &subject.tenant),
        cold_start,
        result,
        reason,
        "event"
    );
    match outcome {
        Ok(()) => true,
        Err(Failure::Transient(_)) => false,
        Err(Failure::Permanent(reason)) => {
            let sent = dead_letters.send(message.body.clone(), &reason).await;
            if let Err(error) = &sent {
                tracing::error!(
                    message_id = message.message_id,
                    error,
                    "the dead-letter queue did not take the event"
                );
            }
            sent.is_ok()
        }
    }
}
