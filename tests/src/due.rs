//! What tests ask of the due ledger, and the clock that they let run.

use client::eventually;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::Tenant;
use crate::world::World;

const FUNCTION: &str = "RunDueFunction";
/// More than any consumer waits of its own accord.
const PAST: SignedDuration = SignedDuration::from_mins(10);

impl World {
    /// Sends what is due as if it were this time. Consumers go by the clock all the same: they defer what has not come. So
    /// the run begins ten minutes ago, wherever the last one has ended.
    pub fn run_due(&self, at: Timestamp) {
        let begun = (Timestamp::now() - PAST).strftime("%Y-%m-%dT%H:%M:00Z").to_string();
        let position = json!({
            "pk": { "S": "position" }, "sk": { "S": "-" }, "version": { "N": "1" },
            "doc": { "S": json!({ "minute": begun }).to_string() },
        });
        let table = &self.function("run_due").environment["DUE_TABLE"];
        self.administer("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": position }));
        let event = json!({ "source": "aws.events", "time": at.to_string() });
        let run = self.block_on(self.cloud().invoke(FUNCTION, event));
        run.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Lets the clock send what is due. In other worlds it does not, since that would be measured with what is tested.
    pub fn run_due_by_the_clock(&self, enabled: bool) {
        let switched = self.cloud().set_enabled(FUNCTION, enabled);
        switched.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Makes an event of the tenant, once it waits for its time, older than it waits for, and sends what is due.
    pub fn let_wait_pass(&self, tenant: &Tenant, event_type: &str) {
        let is_it = |event: &Value| event["type"] == event_type;
        let mut item = eventually("the event waits", || {
            let mut items = self.scan_due().into_iter();
            items.find(|item| {
                let detail = &read(&item["message"])["detail"];
                is_it(detail) && detail["tenant"] == *tenant.id
            })
        });
        let mut message = read(&item["message"]);
        make_older(&mut message["detail"]["occurredAt"]);
        item["message"] = json!({ "S": message.to_string() });
        self.put(&self.function("run_due").environment["DUE_TABLE"], &[item]);
        let own = format!("T#{}#", tenant.id);
        for mut row in self.scan() {
            let is_own = row["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with(&own));
            let mut commit = if is_own { read(&row["commit"]) } else { Value::Null };
            if commit["events"].as_array().is_some_and(|events| events.iter().any(is_it)) {
                make_older(&mut commit["at"]);
                row["commit"] = json!({ "S": commit.to_string() });
                self.put_row(&row);
            }
        }
        self.run_due(Timestamp::now() + SignedDuration::from_mins(5));
    }

    /// What waits, or has waited, for its time.
    pub fn scan_due(&self) -> Vec<Value> {
        let rows = self.scan_table(&self.function("run_due").environment["DUE_TABLE"]).into_iter();
        rows.filter(|row| row["pk"]["S"] != "position").collect()
    }
}

/// An attribute that holds JSON; null where there is none.
fn read(attribute: &Value) -> Value {
    attribute["S"].as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

pub(crate) fn make_older(time: &mut Value) {
    let at: Timestamp = time.as_str().and_then(|text| text.parse().ok()).expect("a time");
    *time = json!(at - PAST);
}
