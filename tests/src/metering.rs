//! What tests ask and change of what tenants use.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::world::World;

impl World {
    /// Lets what tenants use be added up, and the clock close days. In other worlds, the lines of the log wait: each test
    /// would run one process more.
    #[must_use]
    pub fn metered(mut self) -> World {
        self.is_metered = true;
        self.meter(true);
        self
    }

    /// Lets the tenant have worked for a millisecond today, and closes all days up to today, as if it were tomorrow.
    pub fn close_usage(&self, tenant: &str) {
        self.meter_line(tenant, jiff::Timestamp::now());
        self.run_closing(jiff::Timestamp::now() + jiff::SignedDuration::from_hours(26))
            .unwrap_or_else(|error| panic!("{error}"));
    }

    /// Adds up a line that says that the tenant has worked for a millisecond, by no unit of DynamoDB.
    pub fn meter_line(&self, tenant: &str, at: jiff::Timestamp) {
        let line = json!({
            "message": "event", "tenant": tenant, "read_units": 0, "write_units": 0, "function_us": 1000,
            "memory_mb": 256, "sharing": 1,
        });
        let id = format!("{tenant}-{}", at.as_nanosecond());
        let event = json!({ "id": id, "timestamp": at.as_millisecond(), "message": line.to_string() });
        let sent = self.log_batch(&[event]);
        let metered = self.block_on(self.cloud().invoke("MeterUsageFunction", sent));
        metered.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Events of the functions' log group, as CloudWatch sends them.
    pub fn log_batch(&self, events: &[Value]) -> Value {
        let group = &self.function("meter_usage").environment["METERED_LOGS"];
        log_message(&json!({
            "messageType": "DATA_MESSAGE", "owner": "123456789012", "logGroup": group, "logStream": "a",
            "subscriptionFilters": ["b"], "logEvents": events,
        }))
    }

    /// Calls the function that closes days, as if it were this time.
    pub fn run_closing(&self, at: jiff::Timestamp) -> Result<Value, cloud::invoke::InvokeError> {
        let event = json!({ "source": "aws.events", "time": at.to_string() });
        self.block_on(self.cloud().invoke("CloseUsageFunction", event))
    }

    /// Whether lines of the log are added up.
    pub fn is_metered(&self) -> bool {
        self.is_metered
    }

    pub(crate) fn meter(&self, enabled: bool) {
        for function in ["MeterUsageFunction", "CloseUsageFunction"] {
            let switched = self.cloud().set_enabled(function, enabled);
            switched.unwrap_or_else(|error| panic!("{error}"));
        }
    }

    /// Every item of the table of usage.
    pub fn scan_usage(&self) -> Vec<Value> {
        self.scan_table(&self.function("meter_usage").environment["METERING_TABLE"])
    }

    /// Lets the tenant have made so many requests in this hour, for worlds where nothing is metered.
    pub fn set_metered_requests(&self, tenant: &str, requests: usize) {
        let table = &self.function("meter_usage").environment["METERING_TABLE"];
        let hour = jiff::Timestamp::now().strftime("%Y-%m-%dT%H").to_string();
        let item = json!({
            "pk": { "S": format!("T#{tenant}#usage") }, "sk": { "S": hour }, "requests": { "N": requests.to_string() },
        });
        self.administer("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": item }));
    }
}

/// A message of CloudWatch Logs, as a function gets it.
pub fn log_message(message: &Value) -> Value {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(message.to_string().as_bytes()).expect("a vector takes all");
    json!({ "awslogs": { "data": STANDARD.encode(encoder.finish().expect("a vector takes all")) } })
}
