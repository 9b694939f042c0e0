//! The erasure of a plugin's data.

use domain::plugin::PluginName;

use super::{TenantPlugins, configurations, failures};
use crate::table::{Condition, Conflict, StoreError, Walk, Write};

impl TenantPlugins<'_> {
    /// Erases a part of the rows in the namespaces of the plugin's module, and returns where to go on; `None` when there is
    /// nothing left.
    pub async fn erase(&self, plugin: PluginName, walk: Walk) -> Result<Option<Walk>, StoreError> {
        self.0.erase(&module(plugin), walk).await
    }

    /// The deletions of what stands beside the rows of the plugin's own.
    pub fn forgotten(&self, plugin: PluginName) -> Vec<Write> {
        let keys = [configurations::key(plugin), failures::key(plugin)];
        let delete = |(partition, sort)| {
            self.0.write(&partition, sort, Condition::always(), Conflict::Contention).delete()
        };
        keys.map(delete).into()
    }
}

/// The module with the namespaces of the plugin. Names of modules have no dashes.
fn module(plugin: PluginName) -> String {
    plugin.as_str().replace('-', "_")
}
