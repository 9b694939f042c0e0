//! What clients send.

use domain::plugin::PluginName;
use platform::http::{Verbatim, non_null};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginParameters {
    pub(crate) name: PluginName,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PurgeParameters {
    pub(crate) name: PluginName,
    /// The plugin's name once more: nothing brings its data back.
    pub(crate) confirm: PluginName,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginSettings {
    pub(crate) active: bool,
    /// By the schema that the plugin is answered with, at most 16,384 bytes. What it leaves out gets its default; the whole
    /// stays as it is without it.
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Verbatim")]
    pub(crate) configuration: Option<Verbatim>,
}
