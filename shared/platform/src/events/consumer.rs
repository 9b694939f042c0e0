//! What a consumer says of itself.

use std::process::ExitCode;

use domain::event::EventType;
use domain::plugin::{Manifest, PluginName};
use serde::Serialize;

use crate::describe::{Cost, describe_if_asked};
use crate::table::AccessClass;

/// The declaration of a consumer. The contract compares it with the template's rule, the tests probe by it, and
/// the documents are made from it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Consumer {
    kind: Kind,
    access_class: AccessClass,
    events: &'static [EventType],
    continues: bool,
    defers: bool,
    /// That must be active in the tenant.
    plugin: Option<PluginName>,
    /// Those of the events that reach it although its plugin is not active, as long as the tenant has data of it.
    while_inactive: &'static [EventType],
    costs: &'static [Cost],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Projection,
    Reaction,
}

impl Consumer {
    /// A consumer that treats an event as a hint, and catches up with the aggregate's state. It reaches what the
    /// template's `TenantDataRole` allows the class of access of this name.
    pub const fn projection(class: &'static str, events: &'static [EventType]) -> Self {
        let access_class = AccessClass::of_consumer(class);
        Self {
            kind: Kind::Projection,
            access_class,
            events,
            continues: false,
            defers: false,
            plugin: None,
            while_inactive: &[],
            costs: &[],
        }
    }

    /// A consumer whose effect has an id that is derived from the event's.
    pub const fn reaction(class: &'static str, events: &'static [EventType]) -> Self {
        Self { kind: Kind::Reaction, ..Self::projection(class, events) }
    }

    /// The capacity units that an event consumes. Each case begins with the event's type.
    pub const fn costing(self, costs: &'static [Cost]) -> Self {
        Self { costs, ..self }
    }

    /// The consumer may go on with an event in another message, by [`Outcome::continue_at`](super::Outcome). It
    /// needs its own queue's URL as `QUEUE_URL`.
    pub const fn continuing(self) -> Self {
        Self { continues: true, ..self }
    }

    /// The consumer may let an event come again at a later time, by [`Outcome::due_at`](super::Outcome). It needs the due
    /// ledger as `DUE_TABLE`, and `run_due` needs its queue.
    pub const fn deferring(self) -> Self {
        Self { defers: true, ..self }
    }

    /// The consumer belongs to a plugin: events of tenants in which it is not active are skipped, but for those that it is
    /// [`hearing_while_inactive`](Self::hearing_while_inactive). What it has begun it goes on with after a deactivation, up to
    /// an erasure of the plugin's data. Its class of access reads the profile, and puts what has failed.
    pub const fn of_plugin(self, manifest: &Manifest) -> Self {
        Self { plugin: Some(manifest.name), ..self }
    }

    /// These events reach the consumer of a plugin in every tenant that has data of it, whether it is active or not: they say
    /// that some of that data has to go.
    pub const fn hearing_while_inactive(self, events: &'static [EventType]) -> Self {
        Self { while_inactive: events, ..self }
    }

    pub(crate) fn plugin(&self) -> Option<PluginName> {
        self.plugin
    }

    pub(crate) fn access_class(&self) -> AccessClass {
        self.access_class
    }

    pub(crate) fn hears(&self, event_type: EventType) -> bool {
        self.events.contains(&event_type)
    }

    pub(crate) fn hears_while_inactive(&self, event_type: EventType) -> bool {
        self.while_inactive.contains(&event_type)
    }

    pub(crate) fn continues(&self) -> bool {
        self.continues
    }

    pub(crate) fn defers(&self) -> bool {
        self.defers
    }

    pub(crate) fn describe_if_asked(&self) -> Option<ExitCode> {
        describe_if_asked(|| serde_json::to_string(self))
    }
}
