//! What tests ask and change of what tenants use.

use serde_json::{Value, json};

use crate::world::World;

impl World {
    /// Lets what tenants use be added up. In other worlds, the lines of the log wait: each test would run one process
    /// more.
    #[must_use]
    pub fn metered(mut self) -> World {
        self.is_metered = true;
        self.meter(true);
        self
    }

    /// Whether lines of the log are added up.
    pub fn is_metered(&self) -> bool {
        self.is_metered
    }

    pub(crate) fn meter(&self, enabled: bool) {
        let switched = self.cloud().set_enabled("MeterUsageFunction", enabled);
        switched.unwrap_or_else(|error| panic!("{error}"));
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
