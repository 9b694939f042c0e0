//! A cloud whose consumers are called by the test alone, and what they leave behind.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::{Tenant, World};
use client::eventually;
use contract::Consumer;
use serde_json::{Value, json};

/// The partition of the register of tenants.
const REGISTER: &str = "tenants";

pub struct Stage {
    pub world: World,
    pub tenant: Tenant,
    pub stranger: Tenant,
    /// By function, the number of messages that were taken from its queue.
    taken: Mutex<BTreeMap<String, usize>>,
}

/// All rows of the table, of the register of tenants and of the due ledger, without their commit ids, and all mails.
#[derive(Debug, PartialEq)]
pub struct Effects {
    rows: BTreeMap<String, Value>,
    mails: Vec<String>,
}

/// What became of the messages of one call.
pub struct Delivered {
    /// The positions of the messages that come again.
    pub failed: Vec<usize>,
    /// The bodies in the dead-letter queue, each with its reason.
    pub letters: Vec<(String, String)>,
}

impl Stage {
    pub fn open() -> Stage {
        let world = World::start();
        for consumer in World::consumers() {
            world.cloud().set_enabled(&consumer.function, false).expect("a consumer has an event source");
        }
        let [tenant, stranger] = ["acme", "globex"].map(|slug| world.tenant(slug));
        Stage { world, tenant, stranger, taken: Mutex::default() }
    }

    /// Takes the messages that have come to the consumer's queue since the last time, in the order of their events,
    /// once all that was committed is published.
    pub fn take(&self, consumer: &Consumer) -> Vec<String> {
        let services = self.world.cloud().services();
        let published = self.committed(consumer);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let before = taken.entry(consumer.function.clone()).or_default();
        let bodies = eventually("all events are published", || {
            let bodies = services.messages(&consumer.queue).expect("a consumer has a queue");
            (*before + bodies.len() == published).then_some(bodies)
        });
        *before = published;
        services.purge(&consumer.queue).expect("a consumer has a queue");
        let mut bodies: Vec<String> = bodies.into_iter().map(|message| message.body).collect();
        bodies.sort_by_key(|body| parsed(body)["detail"]["id"].to_string());
        bodies
    }

    /// Those of all consumers.
    pub fn take_all(&self) -> Vec<(&'static Consumer, String)> {
        let consumers = World::consumers().iter();
        consumers
            .flat_map(|consumer| self.take(consumer).into_iter().map(move |body| (consumer, body)))
            .collect()
    }

    /// Lets each consumer of orders open a session of the tenant, by one that is confirmed for that. Returns the messages of
    /// before, which nobody has handled.
    pub fn open_sessions(&self, tenant: &Tenant) -> Vec<(&'static Consumer, String)> {
        let earlier = self.take_all();
        tenant.admin.confirm(&tenant.order()).expect(200);
        for (consumer, body) in self.take_all() {
            self.handle_batch(consumer, &[&body]);
        }
        earlier
    }

    /// The number of committed events that this consumer hears.
    fn committed(&self, consumer: &Consumer) -> usize {
        let events = self.world.committed().into_iter();
        events.filter(|event| consumer.description.events.iter().any(|name| event["type"] == **name)).count()
    }

    /// Calls the consumer with the messages as one batch, and empties its dead-letter queue.
    pub fn deliver(&self, consumer: &Consumer, bodies: &[&str]) -> Delivered {
        let records: Value = bodies
            .iter()
            .enumerate()
            .map(|(index, body)| json!({ "messageId": index.to_string(), "body": body, "eventSource": "aws:sqs" }))
            .collect();
        let called = self.world.cloud().invoke(&consumer.function, json!({ "Records": records }));
        let answer = self.world.block_on(called);
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", consumer.binary));
        let failed = answer["batchItemFailures"].as_array().cloned().unwrap_or_default();
        let index = |item: &Value| {
            let identifier = item["itemIdentifier"].as_str().and_then(|text| text.parse().ok());
            identifier.unwrap_or_else(|| panic!("{}: {item} names no message", consumer.binary))
        };
        let dead = self.dead_letters_of(consumer);
        let letters = self.world.cloud().services().messages(&dead).expect("a dead-letter queue");
        self.world.cloud().services().purge(&dead).expect("a dead-letter queue");
        Delivered {
            failed: failed.iter().map(index).collect(),
            letters: letters
                .into_iter()
                .map(|letter| (letter.body, letter.attributes["reason"].clone()))
                .collect(),
        }
    }

    /// Delivers the messages one after the other, all of which have to be handled.
    pub fn handle(&self, consumer: &Consumer, bodies: &[String]) {
        for body in bodies {
            self.handle_batch(consumer, &[body]);
        }
    }

    pub fn handle_batch(&self, consumer: &Consumer, bodies: &[&str]) {
        for batch in bodies.chunks(self.world.batch_size(&consumer.function)) {
            let Delivered { failed, letters } = self.deliver(consumer, batch);
            assert_eq!((failed, letters), (vec![], vec![]), "{}: {batch:?}", consumer.binary);
        }
    }

    pub fn effects(&self) -> Effects {
        let register = self.world.scan_registry().into_iter().filter(|row| row["pk"]["S"] == REGISTER);
        let rows =
            self.world.scan().into_iter().chain(register).chain(self.world.scan_due()).map(|mut item| {
                item.as_object_mut().expect("an item is an object").remove("commitId");
                (format!("{} {}", item["pk"]["S"], item["sk"]["S"]), item)
            });
        let mails = self.world.cloud().mailbox();
        let mails = mails.iter().map(|mail| format!("{} {} {}", mail.to.join(","), mail.subject, mail.text));
        let mut mails: Vec<String> = mails.collect();
        mails.sort_unstable();
        Effects { rows: rows.collect(), mails }
    }

    fn dead_letters_of(&self, consumer: &Consumer) -> String {
        let queues = &self.world.cloud().stack().queues;
        let queue =
            queues.iter().find(|queue| queue.logical_id == consumer.queue).expect("a consumer has a queue");
        let dead =
            &queue.redrive.as_ref().expect("a consumer's queue has a dead-letter queue").dead_letter_arn;
        queues.iter().find(|queue| queue.arn == *dead).expect("a queue of the template").logical_id.clone()
    }
}

impl Effects {
    /// The tenant's rows, and the mails to its users.
    pub fn of(&self, tenant: &Tenant) -> Vec<String> {
        let (key, domain) = (format!("\"T#{}#", tenant.id), format!("@{}.example ", tenant.slug));
        let registered = format!("\"{REGISTER}\" \"{}\"", tenant.id);
        let due = format!(" \"{}~", tenant.id);
        let is_own = |name: &str| name.starts_with(&key) || name == registered || name.contains(&due);
        let rows = self.rows.iter().filter(|(name, _)| is_own(name));
        let mails = self.mails.iter().filter(|mail| mail.contains(&domain));
        rows.map(|(name, row)| format!("{name} {row}")).chain(mails.cloned()).collect()
    }

    /// Without the versions in the register of tenants: they are those of profiles, which events raise that it does not
    /// hear.
    pub fn without_versions_of_the_register(mut self) -> Self {
        for row in self.rows.values_mut().filter(|row| row["pk"]["S"] == REGISTER) {
            row.as_object_mut().expect("an item is an object").remove("version");
        }
        self
    }

    /// The first partition that has another row than before.
    pub fn partition_changed_since(&self, before: &Effects) -> Option<String> {
        let changed = self.rows.iter().find(|(key, row)| before.rows.get(*key) != Some(*row));
        changed.map(|(_, row)| row["pk"]["S"].as_str().expect("a key").to_owned())
    }
}

pub fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("a message is JSON")
}

pub fn event_type(body: &str) -> String {
    parsed(body)["detail-type"].as_str().expect("a message has a type").to_owned()
}
