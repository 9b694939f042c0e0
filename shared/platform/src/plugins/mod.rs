//! Plugins: which are active in a tenant, what the tenant has set of each, what has failed of one, and how the data of one
//! is erased.

mod configurations;
mod failures;
mod plugin;
mod purge;

use domain::plugin::{Manifest, PluginName, Plugins};
use serde::Deserialize;

use crate::table::namespace::accounts::TENANT;
use crate::table::{Row, Scope, SortKey, StoreError};

pub use failures::LastFailure;
pub(crate) use failures::NewFailure;
pub use plugin::{Activating, NotActivated, Plugin};

/// What a tenant has of its plugins beside their states, which stand on its profile.
pub struct TenantPlugins<'a>(&'a Scope);

/// A part of the profile's document, which `accounts` writes.
#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    plugins: Plugins,
}

impl Scope {
    pub fn plugins(&self) -> TenantPlugins<'_> {
        TenantPlugins(self)
    }
}

impl TenantPlugins<'_> {
    /// The states, as they were a moment ago; `None` if there is no such tenant.
    pub(crate) async fn states(&self) -> Result<Option<Plugins>, StoreError> {
        let row = self.0.get_eventually(&TENANT.of(self.0.tenant()), &SortKey::SINGLE).await?;
        let document = row.as_ref().map(Row::document::<Document>).transpose()?;
        Ok(document.map(|document| document.plugins))
    }

    /// What the tenant has set of a plugin, and how one of its consumers has failed last, read consistently.
    pub async fn details(&self, manifest: &Manifest) -> Result<Details, StoreError> {
        let keys = [configurations::key(manifest.name), failures::key(manifest.name)];
        let [configuration, failure] = self.0.get_each(keys).await?;
        Ok(Details {
            configuration: configurations::shown(manifest, configuration.as_ref()),
            last_failure: failure.as_ref().map(failures::failure).transpose()?,
        })
    }

    /// How a consumer of each plugin has failed last, where one has, as it was a moment ago.
    pub async fn failures(&self) -> Result<Vec<(PluginName, LastFailure)>, StoreError> {
        failures::all(self.0).await
    }
}

/// What stands beside the state of a plugin.
pub struct Details {
    /// What is in force. Where it cannot be read, it fails as [`TenantPlugins::configuration`] does: who sets another one, or
    /// leaves the plugin, needs it not.
    pub configuration: Result<serde_json::Value, StoreError>,
    pub last_failure: Option<LastFailure>,
}

#[cfg(test)]
mod tests;
