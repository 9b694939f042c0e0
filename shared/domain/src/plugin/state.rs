//! What a tenant has of its plugins, as it stands on the tenant's profile.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PluginName, Release};

/// The state of a plugin that was activated or configured at least once since its data was last erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PluginState {
    #[serde(rename = "active")]
    pub is_active: bool,
    /// Of the last activation or deactivation, or of the first configuration before them.
    pub since: Timestamp,
    /// The release in which it was activated last, or was first configured before that.
    pub installed: Release,
    /// Since when its data is being erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purged_since: Option<Timestamp>,
}

/// The states of a tenant's plugins, by name. What is stored may name one that only another version knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plugins(pub(super) BTreeMap<PluginName, PluginState>);

impl Plugins {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, plugin: PluginName) -> Option<&PluginState> {
        self.0.get(&plugin)
    }

    pub fn is_active(&self, plugin: PluginName) -> bool {
        self.get(plugin).is_some_and(|state| state.is_active)
    }

    /// Whether what was begun for the plugin may be gone on with: it has data, and nobody is erasing it.
    pub fn is_installed(&self, plugin: PluginName) -> bool {
        self.get(plugin).is_some_and(|state| state.purged_since.is_none())
    }

    pub fn active(&self) -> BTreeSet<PluginName> {
        self.0.iter().filter(|(_, state)| state.is_active).map(|(name, _)| *name).collect()
    }
}
