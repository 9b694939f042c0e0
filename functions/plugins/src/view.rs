//! Plugins as clients see them.

use domain::permission::Permission;
use domain::plugin::{Manifest, PluginName, PluginState, Release};
use domain::role::BuiltInRole;
use domain::tenant::TenantProfile;
use domain::tier::Feature;
use domain::{Version, Versioned};
use jiff::Timestamp;
use platform::plugins::{Details, LastFailure};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Plugin")]
pub struct PluginView {
    name: PluginName,
    title: &'static str,
    /// Of its code.
    release: Release,
    /// The plugins that have to be active before it.
    needs: &'static [PluginName],
    permissions: Vec<PermissionView>,
    /// That the tenant's tier must include.
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<Feature>,
    active: bool,
    /// When it was activated or deactivated last, or was first configured before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// The release in which it was activated last, or was first configured before that. There is none before either, and
    /// after its data was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    installed: Option<Release>,
    /// Since when its data is being erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    purged_since: Option<Timestamp>,
    /// How one of its consumers has failed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_failure: Option<LastFailure>,
}

/// A permission of a plugin, and the roles that are built in and have it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PluginPermission")]
struct PermissionView {
    permission: Permission,
    roles: Vec<BuiltInRole>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PluginList {
    pub(crate) items: Vec<PluginView>,
    /// Of the tenant's profile, on which the states of all plugins stand.
    pub(crate) version: Version,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PluginDetails {
    #[serde(flatten)]
    plugin: PluginView,
    /// What is in force, with all defaults. It is left out where what is stored cannot be read: then set another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Map<String, Value>")]
    configuration: Option<Value>,
    /// The JSON Schema of the configuration.
    #[schemars(with = "Map<String, Value>")]
    schema: Value,
    /// Of the tenant's profile, on which the states of all plugins stand.
    pub(crate) version: Version,
}

impl PluginView {
    pub(crate) fn new(
        manifest: &Manifest,
        tenant: &TenantProfile,
        last_failure: Option<LastFailure>,
    ) -> Self {
        let Manifest { name, release, title, needs, permissions, feature, configuration: _ } = *manifest;
        let state = tenant.plugins.get(name).copied();
        Self {
            name,
            title,
            release,
            needs,
            permissions: permissions.iter().copied().map(PermissionView::of).collect(),
            feature,
            active: state.is_some_and(|state| state.is_active),
            since: state.map(|state| state.since),
            installed: state.map(|PluginState { installed, .. }| installed),
            purged_since: state.and_then(|state| state.purged_since),
            last_failure,
        }
    }
}

impl PermissionView {
    fn of(permission: Permission) -> Self {
        let has = |role: &BuiltInRole| role.permissions().contains(permission);
        Self { permission, roles: BuiltInRole::ALL.iter().copied().filter(has).collect() }
    }
}

impl PluginDetails {
    pub(crate) fn new(
        manifest: &Manifest,
        Versioned { value, version }: Versioned<TenantProfile>,
        Details { configuration, last_failure }: Details,
    ) -> Self {
        let plugin = PluginView::new(manifest, &value, last_failure);
        Self { plugin, configuration: configuration.ok(), schema: manifest.configuration.schema(), version }
    }
}
