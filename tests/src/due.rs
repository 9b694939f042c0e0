//! What tests ask of the due ledger, and the clock that they let run.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::world::World;

const FUNCTION: &str = "RunDueFunction";

impl World {
    /// Sends what is due as if it were this time. Consumers go by the clock all the same: they defer what has not come. So
    /// the run begins ten minutes ago, wherever the last one has ended.
    pub fn run_due(&self, at: Timestamp) {
        let begun =
            (Timestamp::now() - SignedDuration::from_mins(10)).strftime("%Y-%m-%dT%H:%M:00Z").to_string();
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

    /// What waits, or has waited, for its time.
    pub fn scan_due(&self) -> Vec<Value> {
        let rows = self.scan_table(&self.function("run_due").environment["DUE_TABLE"]).into_iter();
        rows.filter(|row| row["pk"]["S"] != "position").collect()
    }
}
