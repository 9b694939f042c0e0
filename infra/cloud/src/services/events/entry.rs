//! One entry of PutEvents: its validation, and the event made from it for rules and queues.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::ids::new_uuid;
use crate::model::{ACCOUNT, REGION, Stack};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Entry {
    time: Option<f64>,
    source: Option<String>,
    #[serde(default)]
    resources: Vec<String>,
    detail_type: Option<String>,
    detail: Option<String>,
    event_bus_name: Option<String>,
}

pub(super) struct Accepted {
    pub(super) id: String,
    /// `None` for the default bus, which has no rules here.
    pub(super) bus_arn: Option<String>,
    pub(super) json: String,
}

pub(super) struct Refused {
    pub(super) code: &'static str,
    pub(super) message: String,
}

#[derive(Serialize)]
struct Event<'a> {
    version: &'a str,
    id: &'a str,
    #[serde(rename = "detail-type")]
    detail_type: &'a str,
    source: &'a str,
    account: &'a str,
    time: String,
    region: &'a str,
    resources: &'a [String],
    detail: &'a RawValue,
}

impl Entry {
    pub(super) fn detail_type(&self) -> &str {
        self.detail_type.as_deref().unwrap_or_default()
    }

    /// The size as EventBridge counts it: 14 bytes for a time, and the texts in UTF-8.
    pub(super) fn size(&self) -> usize {
        let texts = [&self.source, &self.detail_type, &self.detail];
        let text: usize = texts.into_iter().flatten().map(String::len).sum();
        let time = if self.time.is_some() { 14 } else { 0 };
        text + time + self.resources.iter().map(String::len).sum::<usize>()
    }
}

pub(super) fn accept(entry: &Entry, stack: &Stack) -> Result<Accepted, Refused> {
    let source = required(entry.source.as_deref(), "Source")?;
    if source.starts_with("aws.") {
        return Err(Refused {
            code: "NotAuthorizedForSourceException",
            message: "Not authorized for the source.".into(),
        });
    }
    let detail_type = required(entry.detail_type.as_deref(), "DetailType")?;
    let detail = required(entry.detail.as_deref(), "Detail")?;
    let detail: &RawValue = serde_json::from_str(detail).map_err(|_| malformed())?;
    if !detail.get().starts_with('{') {
        return Err(malformed());
    }
    let bus_arn = bus_arn(entry.event_bus_name.as_deref().unwrap_or("default"), stack)?;
    let id = new_uuid().to_string();
    let event = Event {
        version: "0",
        id: &id,
        detail_type,
        source,
        account: ACCOUNT,
        time: time(entry)?,
        region: REGION,
        resources: &entry.resources,
        detail,
    };
    let json = serde_json::to_string(&event).map_err(|_| malformed())?;
    Ok(Accepted { id, bus_arn, json })
}

fn required<'a>(value: Option<&'a str>, name: &str) -> Result<&'a str, Refused> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| {
        invalid(format!("Parameter {name} is not valid. Reason: {name} is a required argument."))
    })
}

fn bus_arn(name: &str, stack: &Stack) -> Result<Option<String>, Refused> {
    if let Some(bus) = stack.buses.iter().find(|bus| bus.name == name || bus.arn == name) {
        return Ok(Some(bus.arn.clone()));
    }
    if name == "default" {
        tracing::warn!(
            "an event went to the default bus, where no rule waits for it: its entry names no bus"
        );
        return Ok(None);
    }
    Err(invalid(format!("Parameter EventBusName is not valid. Reason: Event bus {name} does not exist.")))
}

fn time(entry: &Entry) -> Result<String, Refused> {
    let time = match entry.time {
        None => Timestamp::now(),
        Some(seconds) => Timestamp::from_second(seconds as i64)
            .map_err(|_| invalid("Parameter Time is not valid.".to_owned()))?,
    };
    Ok(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn invalid(message: String) -> Refused {
    Refused { code: "InvalidArgument", message }
}

fn malformed() -> Refused {
    Refused { code: "MalformedDetail", message: "Detail is malformed.".into() }
}
