//! Consumers: functions that handle the events of a queue, each within the event's tenant.

use std::future::Future;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use aws_types::SdkConfig;
use domain::id::{EventId, TenantId};
use futures::future::join_all;
use jiff::Timestamp;
use lambda_runtime::{Context, LambdaEvent};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::batch_answer::BatchAnswer;
use super::message::{BusEvent, Delivery, continuation, deferred};
use super::outcome::Next;
use super::queue::Queue;
use super::{Consumer, Failure, Outcome, gate};
use crate::StartError;
use crate::aws::shared_config;
use crate::metering::{Invocation, Usage, charge, log_usage, metered};
use crate::runtime::{answer_events, end_of_invocation, leak, run};
use crate::table::{DueItem, DueLedger, Scope, Vendor};

/// What is kept back of an invocation's time, to settle messages and to answer. A message that is not handled
/// before fails alone; if the invocation ran out of time, its whole batch would. The contract checks time-outs by it.
const RESERVE: Duration = Duration::from_secs(2);
/// What is kept back for the answer alone.
const ANSWER: Duration = Duration::from_millis(200);
/// In a log line or a dead letter. A message may be quoted in the reason for its refusal.
const LONGEST_REASON: usize = 1_000;

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

/// A consumer's process.
struct Process<S, F> {
    consumer: &'static Consumer,
    state: S,
    handle: F,
    vendor: Vendor,
    dead_letters: Queue,
    /// For continuations.
    own_queue: Option<Queue>,
    /// For what comes again at a later time.
    ledger: Option<DueLedger>,
}

/// Serves a consumer. `open` runs once, at start-up.
///
/// An event may be delivered more than once, and in any order. The messages of a batch are handled
/// concurrently and independently, so that a slow or failing one does not hold up the others.
pub fn consume<S, F, Fut>(
    consumer: &'static Consumer,
    open: fn(&SdkConfig) -> Result<S, StartError>,
    handle: F,
) -> ExitCode
where
    S: Send + Sync + 'static,
    F: Fn(&'static S, Delivery) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output: Into<Outcome>> + Send,
{
    if let Some(code) = consumer.describe_if_asked() {
        return code;
    }
    run(async move {
        let shared = shared_config()?;
        let process: &'static Process<S, F> = leak(Process {
            consumer,
            state: open(&shared)?,
            handle,
            vendor: Vendor::open(&shared, consumer.access_class())?,
            dead_letters: Queue::dead_letters(&shared)?,
            own_queue: consumer.continues().then(|| Queue::open(&shared, "QUEUE_URL")).transpose()?,
            ledger: consumer.defers().then(|| DueLedger::open(&shared)).transpose()?,
        });
        answer_events(move |event: LambdaEvent<QueueEvent>| async move {
            let invocation = Invocation::begin();
            let end = Instant::now() + time_left(&event.context);
            let messages = event.payload.records.iter().map(|message| metered(process.process(message, end)));
            // Only now it is known how long the invocation takes, which the messages share.
            let processed = invocation.usages(join_all(messages).await);
            let failed = processed.filter_map(|(processed, usage)| {
                processed.log(usage);
                (!processed.is_done).then(|| processed.message.message_id.clone())
            });
            Ok::<_, lambda_runtime::Error>(failed.collect::<BatchAnswer>())
        })
        .await
    })
}

fn time_left(context: &Context) -> Duration {
    let now = SystemTime::now();
    end_of_invocation(context.deadline(), now).duration_since(now).unwrap_or_default()
}

impl<S: 'static, F: 'static, Fut> Process<S, F>
where
    F: Fn(&'static S, Delivery) -> Fut,
    Fut: Future<Output: Into<Outcome>>,
{
    async fn process<'m>(&'static self, message: &'m Message, end: Instant) -> Processed<'m> {
        // Of a message that the tenant's log has confirmed.
        let confirmed = OnceLock::new();
        let (subject, outcome) = match BusEvent::parse(&message.body) {
            Ok(event) => {
                let subject = Subject::of(&event);
                charge(event.detail.tenant);
                let handled = timeout_at(end - RESERVE, self.handle(event, &confirmed)).await;
                let late = |_| Failure::Transient("the invocation's time was used up".to_owned()).into();
                (Some(subject), handled.unwrap_or_else(late))
            }
            Err(failure) => (None, failure.into()),
        };
        let settled = timeout_at(end - ANSWER, self.settle(message, subject.as_ref(), &outcome)).await;
        let is_done = settled.unwrap_or(Ok(false)).unwrap_or_else(|error| {
            tracing::error!(message_id = message.message_id, error, "a message was not settled");
            false
        });
        if let (Some(store), Some(subject), Err(failure)) = (confirmed.get(), &subject, &outcome.result) {
            let noted = gate::note(self.consumer, store, subject, failure);
            timeout_at(end - ANSWER, noted).await.unwrap_or_default();
        }
        Processed { message, subject, result: outcome.result, is_skipped: outcome.is_skipped, is_done }
    }

    async fn handle(&'static self, event: BusEvent, confirmed: &OnceLock<Scope>) -> Outcome {
        match event.delivery(&self.vendor, self.consumer).await {
            Ok(Some(delivery)) => {
                confirmed.get_or_init(|| delivery.store.clone());
                (self.handle)(&self.state, delivery).await.into()
            }
            Ok(None) => Outcome::skipped(),
            Err(failure) => failure.into(),
        }
    }

    /// Sends the dead letter and what follows, if there are any. A message that comes again would send another
    /// continuation, and so would all that follow from it; hence the continuation is sent last, and not at all
    /// while a part of the work is to be repeated.
    async fn settle(
        &self,
        message: &Message,
        subject: Option<&Subject>,
        outcome: &Outcome,
    ) -> Result<bool, String> {
        match &outcome.result {
            Ok(()) => {}
            Err(Failure::Transient(_)) => return Ok(false),
            Err(Failure::Permanent(reason)) => {
                let (body, reason) = (message.body.clone(), shortened(reason));
                let tenant = subject.map(|subject| subject.tenant.to_string());
                self.dead_letters.send_dead_letter(body, reason, tenant).await?;
            }
        }
        if let Some(next) = &outcome.next {
            let subject = subject.ok_or("nothing follows from a message that cannot be read")?;
            match next {
                Next::Position(position) => self.go_on(message, subject, position).await?,
                Next::Due(at) => self.defer(message, subject, *at).await?,
            }
        }
        Ok(true)
    }

    async fn go_on(&self, message: &Message, subject: &Subject, position: &Value) -> Result<(), String> {
        let queue = self.own_queue.as_ref().ok_or("this consumer is not declared to continue")?;
        let body = continuation(&message.body, position).map_err(|error| error.to_string())?;
        queue.send(body, &subject.tenant.to_string()).await
    }

    /// Who defers the same event again replaces the item, or adds one of another minute, which has no effect then.
    async fn defer(&self, message: &Message, subject: &Subject, at: Timestamp) -> Result<(), String> {
        let ledger = self.ledger.as_ref().ok_or("this consumer is not declared to defer")?;
        let item = DueItem {
            consumer: self.consumer.access_class().to_string(),
            tenant: subject.tenant,
            event: subject.event,
            message: deferred(&message.body).map_err(|error| error.to_string())?,
        };
        ledger.put(&item, at, Timestamp::now()).await.map_err(|error| error.to_string())
    }
}

/// What a message is about.
pub(super) struct Subject {
    tenant: TenantId,
    pub(super) event: EventId,
    pub(super) event_type: String,
}

impl Subject {
    fn of(event: &BusEvent) -> Self {
        let envelope = &event.detail;
        Self { tenant: envelope.tenant, event: envelope.id, event_type: envelope.r#type.to_string() }
    }
}

/// What became of a message.
struct Processed<'m> {
    message: &'m Message,
    /// `None` if the message cannot be read.
    subject: Option<Subject>,
    result: Result<(), Failure>,
    is_skipped: bool,
    /// Whether the queue can delete it.
    is_done: bool,
}

impl Processed<'_> {
    fn log(&self, usage: Usage) {
        let (result, reason) = match &self.result {
            Ok(()) if self.is_skipped => ("skipped, since its plugin is not active", None),
            Ok(()) => ("handled", None),
            Err(Failure::Transient(reason)) => ("will be tried again", Some(shortened(reason))),
            Err(Failure::Permanent(reason)) => ("goes to the dead-letter queue", Some(shortened(reason))),
        };
        log_usage!(
            usage,
            message_id = self.message.message_id,
            event = self.subject.as_ref().map(|subject| tracing::field::display(subject.event)),
            event_type = self.subject.as_ref().map(|subject| &subject.event_type),
            failed = self.result.is_err(),
            result,
            reason,
            "event"
        );
    }
}

fn shortened(reason: &str) -> &str {
    let mut end = reason.len().min(LONGEST_REASON);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    &reason[..end]
}

#[cfg(test)]
mod tests;
