//! What tenants have set of plugins: an item for each, in the form of the version that has stored it.

use domain::Version;
use domain::plugin::{Configuration, Manifest, NotRead, PluginName};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TenantPlugins;
use crate::table::namespace::plugins::PLUGINS;
use crate::table::{Condition, Conflict, Partition, Row, SortKey, StoreError, Write};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema_version: u32,
    document: Value,
}

impl TenantPlugins<'_> {
    /// What the tenant has set of the plugin, as it was a moment ago, or the defaults.
    ///
    /// Fails with [`StoreError::Unknown`] if a newer version has stored it, and with [`StoreError::Corrupt`] for another
    /// type than the manifest's.
    pub async fn configuration<C: Configuration>(&self, manifest: &Manifest) -> Result<C, StoreError> {
        if !manifest.configuration.is::<C>() {
            return Err(StoreError::corrupt(format!(
                "{} has a configuration of another type",
                manifest.name
            )));
        }
        let (partition, sort) = key(manifest.name);
        let Some(row) = self.0.get_eventually(&partition, &sort).await? else { return Ok(C::default()) };
        let Document { schema_version, document } = row.document()?;
        domain::plugin::read(schema_version, document).map_err(not_read)
    }

    /// The write of what a tenant sets of a plugin, with the version that its profile has by the same commit.
    pub fn configured(
        &self,
        manifest: &Manifest,
        version: Version,
        configuration: &Value,
    ) -> Result<Write, StoreError> {
        let (partition, sort) = key(manifest.name);
        let schema_version = manifest.configuration.version();
        let document = Document { schema_version, document: configuration.clone() };
        let is_older = Condition::older_than(version);
        self.0.write_state(&partition, sort, is_older, Conflict::Version, (version, &document))
    }
}

pub(super) fn key(plugin: PluginName) -> (Partition, SortKey) {
    (PLUGINS.partition(), SortKey::of(plugin))
}

/// What is in force, whichever type it is of.
pub(super) fn shown(manifest: &Manifest, row: Option<&Row>) -> Result<Value, StoreError> {
    match row {
        Some(row) => {
            let Document { schema_version, document } = row.document()?;
            manifest.configuration.current(schema_version, document).map_err(not_read)
        }
        None => manifest.configuration.defaults().map_err(not_read),
    }
}

fn not_read(error: NotRead) -> StoreError {
    match error {
        NotRead::Newer(_) => StoreError::Unknown(error.to_string()),
        NotRead::Broken => StoreError::corrupt(error),
    }
}
