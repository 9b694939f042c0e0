//! How many events a second go through the relay and each consumer, and through all of them at once.

use std::time::Instant;

use client::{eventually, id};
use contract::Consumer;
use tests::World;

use crate::replicas::Original;
use crate::report::Table;
use crate::samples::Samples;
use crate::settings::Settings;

/// So that no counter of unread notifications is every event's.
const TENANTS: usize = 10;
const RELAY: &str = "RelayEventsFunction";

/// Orders whose commits can be copied, in a world in which nothing consumes.
struct Pile {
    world: World,
    orders: Vec<Original>,
    /// How many copies of each order there are.
    copies: usize,
}

pub(super) fn table(settings: &Settings) -> Table {
    let (rounds, copies) = (settings.rounds(3, 1), settings.rounds(100, 20));
    let mut pile = Pile::open();
    let events = 2 * TENANTS * copies;
    let mut stages: Vec<(String, usize, Samples)> = Vec::new();
    let mut add =
        |name: &str, events: usize, seconds: f64| match stages.iter_mut().find(|stage| stage.0 == name) {
            Some((.., samples)) => samples.add(events as f64 / seconds),
            None => stages.push((name.to_owned(), events, [events as f64 / seconds].into_iter().collect())),
        };
    for _ in 0..rounds {
        pile.add(copies);
        let puts = pile.audit_puts();
        add("relay", events, pile.relay(events));
        for consumer in World::consumers() {
            let (messages, seconds) = pile.consume(consumer);
            add(&consumer.binary, messages, seconds);
        }
        let puts = pile.audit_puts() - puts;
        pile.add(copies);
        add("all of them at once", events, pile.all_at_once(puts));
    }
    let whole = stages.last().expect("all of them").2.median();
    let mut table = Table::new(
        "Events a second, from a pile",
        ["stage", "× all at once", "events/s", "events of the pile that it hears", "rounds"],
    );
    for (name, events, samples) in stages {
        table.row([
            name,
            format!("{:.1}", samples.median() / whole),
            samples.shown(0),
            events.to_string(),
            samples.len().to_string(),
        ]);
    }
    table
}

impl Pile {
    fn open() -> Pile {
        let world = World::start_unlimited();
        let orders: Vec<String> = (0..TENANTS)
            .map(|number| id(&world.tenant(&format!("tenant-{number}")).settled_order()).to_owned())
            .collect();
        world.wait_until_consumed();
        let rows = world.scan();
        // Commits alone: what follows of them is made by the consumers.
        let projected = ["orders", "inbox", "mails", "audit"];
        let commits = |order: &String| Original::of(&rows, &[order], &["ord_", "evt_"], &projected);
        let pile = Pile { orders: orders.iter().map(commits).collect(), world, copies: 1 };
        pile.switch(RELAY, false);
        World::consumers().iter().for_each(|consumer| pile.switch(&consumer.function, false));
        pile
    }

    fn switch(&self, function: &str, enabled: bool) {
        self.world.cloud().set_enabled(function, enabled).expect("it has an event source");
    }

    /// Commits so many copies of each order's placing and confirmation.
    fn add(&mut self, copies: usize) {
        for order in &self.orders {
            order.put(&self.world, self.copies..self.copies + copies);
        }
        self.copies += copies;
    }

    /// How many rows `record_audit` has put.
    fn audit_puts(&self) -> u64 {
        let call = ("RecordAuditFunction".to_owned(), "PutItem".to_owned());
        self.world.cloud().services().calls().get(&call).copied().unwrap_or_default()
    }

    /// Publishes the pile, and returns how many seconds that took.
    fn relay(&self, events: usize) -> f64 {
        let began = Instant::now();
        self.switch(RELAY, true);
        let published = || self.world.messages_in("RecordAuditQueue") == events as u64;
        eventually("the pile is published", || published().then_some(()));
        let seconds = began.elapsed().as_secs_f64();
        self.switch(RELAY, false);
        seconds
    }

    /// Lets a consumer empty its queue, and returns how many messages that were, and how many seconds it took.
    fn consume(&self, consumer: &Consumer) -> (usize, f64) {
        let messages = self.world.messages_in(&consumer.queue);
        let began = Instant::now();
        self.switch(&consumer.function, true);
        eventually("the queue is empty", || (self.world.messages_in(&consumer.queue) == 0).then_some(()));
        let seconds = began.elapsed().as_secs_f64();
        self.switch(&consumer.function, false);
        (messages as usize, seconds)
    }

    /// Lets the relay and all consumers work until each event of the pile is in the audit log and the queues are empty,
    /// and returns how many seconds that took.
    fn all_at_once(&self, audit_puts: u64) -> f64 {
        let until = self.audit_puts() + audit_puts;
        let functions = World::consumers().iter().map(|consumer| consumer.function.as_str()).chain([RELAY]);
        let functions: Vec<&str> = functions.collect();
        let began = Instant::now();
        functions.iter().for_each(|function| self.switch(function, true));
        let is_done = || self.audit_puts() >= until && self.world.messages_in_all_queues() == 0;
        eventually("the pile is consumed", || is_done().then_some(()));
        let seconds = began.elapsed().as_secs_f64();
        functions.iter().for_each(|function| self.switch(function, false));
        seconds
    }
}
