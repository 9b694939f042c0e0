//! Functions that get the lines of other functions' log group, and what usage costs.

use std::io::Read;
use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::usage::Prices;
use flate2::read::GzDecoder;
use jiff::Timestamp;
use lambda_runtime::LambdaEvent;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::StartError;
use crate::aws::shared_config;
use crate::config::{ConfigError, required};
use crate::hex::hex;
use crate::runtime::{answer_events, leak, run};
use crate::table::{StoreError, UsageLedger};

/// CloudWatch sends a megabyte at most, and lines compress well; more is no batch of lines.
const LARGEST: u64 = 64 * 1024 * 1024;

impl UsageLedger {
    pub fn of_function() -> Result<Self, StartError> {
        Ok(Self::open(&shared_config()?)?)
    }
}

/// The list of prices in `PRICES`.
pub fn prices() -> Result<Prices, ConfigError> {
    const PRICES: &str = "PRICES";
    required(PRICES)?.parse().map_err(|error| ConfigError::Invalid(PRICES, format!("{error}")))
}

/// Lines of the log that came together.
#[derive(Debug, PartialEq)]
pub struct LogBatch {
    /// Of the ids of its lines: whoever sends it again sends the same.
    pub id: String,
    pub lines: Vec<LogLine>,
}

#[derive(Debug, PartialEq)]
pub struct LogLine {
    /// When Lambda has taken it.
    pub at: Timestamp,
    pub text: String,
}

#[derive(Deserialize)]
struct SubscriptionEvent {
    awslogs: Sent,
}

#[derive(Deserialize)]
struct Sent {
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_type: String,
    log_group: String,
    log_events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    id: String,
    /// In milliseconds.
    timestamp: i64,
    message: String,
}

/// Serves a function that gets the lines of the log group in `METERED_LOGS`. A batch whose handling fails comes again;
/// what is no batch of that group is dropped, with a line in the function's own log. `open` runs once, at start-up.
pub fn follow_logs<S, F, Fut>(open: fn() -> Result<S, StartError>, handle: F) -> ExitCode
where
    S: Send + Sync + 'static,
    F: Fn(&'static S, LogBatch) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<(), StoreError>> + Send,
{
    run(async move {
        let state: &'static S = leak(open()?);
        let group: &'static str = leak(required("METERED_LOGS")?);
        answer_events(move |event: LambdaEvent<SubscriptionEvent>| async move {
            match batch(&event.payload.awslogs.data, group) {
                Ok(Some(batch)) => handle(state, batch).await?,
                Ok(None) => {}
                Err(reason) => tracing::error!(reason, "lines of a log were dropped"),
            }
            Ok::<_, lambda_runtime::Error>(())
        })
        .await
    })
}

/// `None` for a message by which CloudWatch tries whether somebody is there.
fn batch(data: &str, group: &str) -> Result<Option<LogBatch>, String> {
    let compressed = STANDARD.decode(data).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    let decoder = GzDecoder::new(compressed.as_slice());
    decoder.take(LARGEST + 1).read_to_end(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > LARGEST {
        return Err(format!("a message has more than {LARGEST} bytes"));
    }
    let message: Message = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    match message.message_type.as_str() {
        "DATA_MESSAGE" if message.log_group == group => Ok(Some(LogBatch::of(message.log_events))),
        "CONTROL_MESSAGE" => Ok(None),
        kind => Err(format!("a {kind} of {} is no batch of {group}", message.log_group)),
    }
}

impl LogBatch {
    fn of(mut events: Vec<Event>) -> Self {
        // A batch is the same in whatever order its lines come.
        events.sort_by(|one, other| one.id.cmp(&other.id));
        let id =
            events.iter().fold(Sha256::new(), |hash, event| hash.chain_update(&event.id).chain_update([0]));
        let line = |event: Event| {
            Some(LogLine { at: Timestamp::from_millisecond(event.timestamp).ok()?, text: event.message })
        };
        Self { id: hex(&id.finalize()), lines: events.into_iter().filter_map(line).collect() }
    }
}

#[cfg(test)]
mod tests;
