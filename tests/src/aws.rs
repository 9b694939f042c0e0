//! What tests ask of the AWS services behind the backend, and what they change there, without credentials.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use client::{eventually, items};
use cloud::model::{Function, Queue};
use cloud::services::RecentEvent;
use serde_json::{Value, json};

use crate::journey::Tenant;
use crate::world::{Units, World};

/// What a function has consumed.
#[derive(Debug, Clone, PartialEq)]
pub struct Consumed {
    pub units: Units,
    /// How often it has called which action of a service.
    pub calls: BTreeMap<String, u64>,
}

impl Consumed {
    /// The calls of services.
    pub fn round_trips(&self) -> u64 {
        self.calls.values().sum()
    }
}

impl World {
    /// Publishes all events of the bus again, as the relay does when a response was lost.
    pub fn publish_again(&self) {
        let bus = &self.cloud().stack().buses[0].name;
        let entry = |recent: RecentEvent| {
            json!({
                "EventBusName": bus, "Source": recent.event["source"],
                "DetailType": recent.event["detail-type"], "Detail": recent.event["detail"].to_string(),
            })
        };
        let entries: Vec<Value> = self.cloud().services().recent_events().into_iter().map(entry).collect();
        for batch in entries.chunks(10) {
            let answer = self.administer("AWSEvents.PutEvents", &json!({ "Entries": batch }));
            assert_eq!(answer["FailedEntryCount"], 0, "{answer}");
        }
    }

    /// Returns the result of `work`, and how often each function called which action of a service meanwhile.
    pub fn count_calls<T>(&self, work: impl FnOnce() -> T) -> (T, BTreeMap<String, BTreeMap<String, u64>>) {
        let services = self.cloud().services();
        let before = services.calls();
        let result = work();
        let mut by_function = BTreeMap::<String, BTreeMap<String, u64>>::new();
        for (call, times) in services.calls() {
            let times = times - before.get(&call).copied().unwrap_or_default();
            if times > 0 {
                by_function.entry(call.0).or_default().insert(call.1, times);
            }
        }
        (result, by_function)
    }

    /// Returns the result of `work`, and what this function has consumed meanwhile.
    pub fn consumed<T>(&self, function: &str, work: impl FnOnce() -> T) -> (T, Consumed) {
        let ((result, units), calls) = self.count_calls(|| self.measure(work));
        let units = units.get(function).copied().unwrap_or_default();
        (result, Consumed { units, calls: calls.get(function).cloned().unwrap_or_default() })
    }

    /// The most records or messages that the function's event source hands it at once.
    pub fn batch_size(&self, function: &str) -> usize {
        let stack = self.cloud().stack();
        let streams = stack.stream_sources.iter().map(|source| (&source.function, source.batch_size));
        let queues = stack.queue_sources.iter().map(|source| (&source.function, source.batch_size));
        let found = streams.chain(queues).find(|(other, _)| *other == function);
        found.unwrap_or_else(|| panic!("{function} has no event source")).1
    }

    /// All events that were committed, as the log holds them.
    pub fn committed(&self) -> Vec<Value> {
        let rows = self.scan();
        let commits = rows.iter().filter_map(|row| row["commit"]["S"].as_str());
        let commit = |text| serde_json::from_str::<Value>(text).expect("a commit is JSON");
        commits.flat_map(|text| items(&commit(text)["events"]).to_vec()).collect()
    }

    /// The number of messages in this queue, visible and in flight.
    pub fn messages_in(&self, queue: &str) -> u64 {
        let name = &self.queue(queue).name;
        let depths = self.cloud().services().queue_depths();
        depths.iter().filter(|depth| depth.queue == *name).map(|depth| depth.visible + depth.in_flight).sum()
    }

    /// The number of messages in all queues, visible and in flight, including the dead-letter queues.
    pub fn messages_in_all_queues(&self) -> u64 {
        self.cloud().services().queue_depths().iter().map(|depth| depth.visible + depth.in_flight).sum()
    }

    /// Waits until all that was committed is published, all queues are empty and all log events that were read are
    /// delivered.
    pub fn wait_until_consumed(&self) {
        let lines = || match self.is_metered() {
            true => self.cloud().services().outstanding_log_events(),
            // They wait for a function that nothing calls.
            false => 0,
        };
        // What a consumer commits is in the stream before its message is gone from the queue.
        let backlog = || self.block_on(self.cloud().stream_backlog());
        eventually("no stream, queue or log holds anything that is wanted", || {
            let before = backlog().filter(|backlog| backlog.records == 0)?;
            let is_quiet = self.messages_in_all_queues() + lines() == 0;
            (is_quiet && backlog() == Some(before)).then_some(())
        });
    }

    /// The bodies of at most ten visible messages of this queue, which stay in it.
    pub fn bodies(&self, queue: &str) -> Vec<Value> {
        let request = json!({
            "QueueUrl": self.queue(queue).url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0,
        });
        let answer = self.administer("AmazonSQS.ReceiveMessage", &request);
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        let body = |message: Value| serde_json::from_str(message["Body"].as_str().unwrap_or_default());
        messages.into_iter().map(|message| body(message).unwrap_or_default()).collect()
    }

    fn queue(&self, logical_id: &str) -> &Queue {
        let mut queues = self.cloud().stack().queues.iter();
        queues
            .find(|queue| queue.logical_id == logical_id)
            .unwrap_or_else(|| panic!("the template has no {logical_id}"))
    }

    /// The ids of the keys whose tokens are accepted; the first one signs.
    pub fn signing_keys(&self) -> Vec<String> {
        let listed = &self.function("log_in").environment["SIGNING_KEY_IDS"];
        listed.split(',').map(str::to_owned).collect()
    }

    /// Signs a message in Base64 with this key. The signature is DER in Base64, as KMS returns it.
    pub fn signature_by(&self, key_id: &str, message: &str) -> String {
        let request = json!({ "KeyId": key_id, "Message": message, "SigningAlgorithm": "ECDSA_SHA_256" });
        let answer = self.administer("TrentService.Sign", &request);
        answer["Signature"].as_str().unwrap_or_default().to_owned()
    }

    /// Makes this the count of the tenant's requests, in this window of ten seconds and in the next ones.
    pub fn set_request_count(&self, tenant: &str, used: u64) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
        let table = &self.function("get_me").environment["USAGE_TABLE"];
        for window in (now / 10)..(now / 10 + 12) {
            let item = json!({
                "pk": { "S": format!("T#{tenant}#requests") }, "sk": { "S": window.to_string() },
                "used": { "N": used.to_string() }, "expiresAt": { "N": (now + 600).to_string() },
            });
            self.administer("DynamoDB_20120810.PutItem", &json!({ "TableName": table, "Item": item }));
        }
    }

    /// The tenants' table, opened with the endpoint, the table's name, and the keys of a function's role. Their rights do
    /// not suffice unless the world was started with `Authorization::Open`. The session's name tells whether a test uses
    /// the table itself, or does what a function must not do.
    pub fn tenant_table<T>(&self, session: &str, open: fn(&str, String, [String; 3]) -> T) -> T {
        let function = self.function("list_orders");
        let keys = self.cloud().services().credentials().issue(&function.role_arn, session);
        let keys = [keys.access_key_id, keys.secret_access_key, keys.session_token.unwrap_or_default()];
        let table = function.environment["TENANT_TABLE"].clone();
        open(&self.cloud().services_url(), table, keys)
    }

    /// Every item of the tenants' table.
    pub fn scan(&self) -> Vec<Value> {
        self.scan_table(&self.function("get_me").environment["TENANT_TABLE"])
    }

    /// Every item of the registry.
    pub fn scan_registry(&self) -> Vec<Value> {
        self.scan_table(&self.function("log_in").environment["REGISTRY_TABLE"])
    }

    pub(crate) fn scan_table(&self, table: &str) -> Vec<Value> {
        let (mut items, mut start) = (Vec::new(), Value::Null);
        loop {
            let mut request = json!({ "TableName": table });
            if !start.is_null() {
                request["ExclusiveStartKey"] = start;
            }
            let mut page = self.administer("DynamoDB_20120810.Scan", &request);
            items.extend(page["Items"].as_array().cloned().unwrap_or_default());
            start = page["LastEvaluatedKey"].take();
            if start.is_null() {
                return items;
            }
        }
    }

    /// Adds admins to the tenant, without passwords and events. Returns their ids.
    pub fn add_admins(&self, tenant: &Tenant, count: usize) -> Vec<String> {
        let rows = self.scan();
        let admin = row(&rows, &format!("T#{}#user#{}", tenant.id, tenant.admin_id), "-");
        let staff = row(&rows, &format!("T#{}#staff", tenant.id), &tenant.admin_id);
        let ids: Vec<String> =
            (0..count).map(|number| format!("usr_{:032x}", (0x0199_u128 << 112) | number as u128)).collect();
        let users = ids.iter().map(|id| {
            let mut user = admin.clone();
            user["pk"]["S"] = json!(format!("T#{}#user#{id}", tenant.id));
            user
        });
        let staff = ids.iter().map(|id| {
            let mut row = staff.clone();
            row["sk"]["S"] = json!(id);
            row
        });
        self.put_rows(users.chain(staff).collect());
        ids
    }

    /// Gives the user as many older copies of the session that the user has.
    pub fn copy_session(&self, tenant: &Tenant, user: &str, count: usize) {
        let (rows, partition) = (self.scan(), format!("T#{}#sessions#{user}", tenant.id));
        let session = rows.iter().find(|row| row["pk"]["S"] == partition).expect("a session");
        let copies = (0..count).map(|number| {
            let mut copy = session.clone();
            copy["sk"]["S"] = json!(format!("f#ses_{:032x}", (0x0199_u128 << 112) | number as u128));
            copy
        });
        self.put_rows(copies.collect());
    }

    /// Gives the users the preferences of the tenant's first admin.
    pub fn copy_preferences(&self, tenant: &Tenant, users: &[String]) {
        let rows = self.scan();
        let chosen = row(&rows, &format!("T#{}#preferences", tenant.id), &tenant.admin_id);
        let copies = users.iter().map(|user| {
            let mut copy = chosen.clone();
            copy["sk"]["S"] = json!(user);
            copy
        });
        self.put_rows(copies.collect());
    }

    /// Makes a row unreadable.
    pub fn spoil(&self, pk: &str, sk: &str) {
        let rows = self.scan();
        let mut spoilt = row(&rows, pk, sk).clone();
        spoilt["doc"]["S"] = json!("{");
        self.put_rows(vec![spoilt]);
    }

    /// Deletes a row, which no function does.
    pub fn delete_row(&self, pk: &str, sk: &str) {
        let table = &self.function("get_me").environment["TENANT_TABLE"];
        let request = json!({ "TableName": table, "Key": { "pk": { "S": pk }, "sk": { "S": sk } } });
        self.administer("DynamoDB_20120810.DeleteItem", &request);
    }

    /// Puts rows as they are, also such as no function would write.
    pub fn put_rows(&self, rows: Vec<Value>) {
        self.put(&self.function("get_me").environment["TENANT_TABLE"], &rows);
    }

    /// Puts rows into the registry as they are.
    pub fn put_registry_rows(&self, rows: &[Value]) {
        self.put(&self.function("log_in").environment["REGISTRY_TABLE"], rows);
    }

    /// Replaces a row of a tenant.
    pub fn put_row(&self, row: &Value) {
        self.put(&self.function("get_me").environment["TENANT_TABLE"], std::slice::from_ref(row));
    }

    pub(crate) fn put(&self, table: &str, rows: &[Value]) {
        for batch in rows.chunks(25) {
            let puts: Vec<Value> =
                batch.iter().map(|item| json!({ "PutRequest": { "Item": item } })).collect();
            let request = json!({ "RequestItems": { table: puts } });
            self.administer("DynamoDB_20120810.BatchWriteItem", &request);
        }
    }

    pub(crate) fn function(&self, binary: &str) -> &Function {
        let mut functions = self.cloud().stack().functions.iter();
        functions
            .find(|function| function.binary == binary)
            .unwrap_or_else(|| panic!("the template has no {binary}"))
    }

    /// Neither faults nor the capacity that functions consume are touched by it.
    pub(crate) fn administer(&self, target: &str, request: &Value) -> Value {
        let services = self.cloud().services();
        self.block_on(services.administer(target, request)).unwrap_or_else(|refusal| panic!("{refusal}"))
    }
}

fn row<'a>(rows: &'a [Value], pk: &str, sk: &str) -> &'a Value {
    let found = rows.iter().find(|row| row["pk"]["S"] == pk && row["sk"]["S"] == sk);
    found.unwrap_or_else(|| panic!("there is no row {pk}, {sk}"))
}
