//! How a consumer of a plugin has failed last. It stands in an item of its own, so that it costs no other plugin anything.

use domain::Version;
use domain::id::EventId;
use domain::plugin::PluginName;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TenantPlugins;
use crate::table::namespace::plugins::FAILURES;
use crate::table::{Condition, Conflict, Listing, Partition, Row, Scope, SortKey, StoreError};

/// Of a reason. The log has the whole of it.
const LONGEST: usize = 200;
/// A list of plugins is one page.
const MOST: usize = 100;

/// How a consumer of a plugin has failed last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "PluginFailure")]
pub struct LastFailure {
    pub at: Timestamp,
    pub consumer: String,
    pub event: EventId,
    /// The type of the event.
    pub r#type: String,
    /// Without what was quoted in it. The log has the whole.
    pub reason: String,
    /// Whether the event is given up. Otherwise, it comes again.
    pub is_final: bool,
}

/// A failure that has just happened.
pub(crate) struct NewFailure<'a> {
    pub(crate) consumer: &'a str,
    pub(crate) event: EventId,
    pub(crate) event_type: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) is_final: bool,
}

impl TenantPlugins<'_> {
    /// Replaces the last failure by a newer one.
    pub(crate) async fn failed(
        &self,
        plugin: PluginName,
        failure: NewFailure<'_>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let NewFailure { consumer, event, event_type, reason, is_final } = failure;
        let failure = LastFailure {
            at,
            consumer: consumer.to_owned(),
            event,
            r#type: event_type.to_owned(),
            reason: without_quotations(reason),
            is_final,
        };
        let (partition, sort) = key(plugin);
        let write = self.0.write_state(
            &partition,
            sort,
            Condition::always(),
            Conflict::Contention,
            (Version::FIRST, &failure),
        )?;
        self.0.commit(vec![write]).await
    }
}

pub(super) fn key(plugin: PluginName) -> (Partition, SortKey) {
    (FAILURES.partition(), SortKey::of(plugin))
}

pub(super) fn failure(row: &Row) -> Result<LastFailure, StoreError> {
    row.document()
}

pub(super) async fn all(scope: &Scope) -> Result<Vec<(PluginName, LastFailure)>, StoreError> {
    let page = scope.list(&FAILURES.partition(), Listing { limit: MOST, ..Listing::default() }).await?;
    page.items.iter().map(|row| Ok((row.id()?, failure(row)?))).collect()
}

/// Reasons may quote what a person has entered: a parser's name the value that it has found. What stands between quotation
/// marks is left out, and so is all that may be an address.
fn without_quotations(reason: &str) -> String {
    let mut kept = String::new();
    for (index, part) in reason.split(['"', '`']).enumerate() {
        kept.push_str(if index % 2 == 0 { part } else { "…" });
    }
    let words = kept.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}
