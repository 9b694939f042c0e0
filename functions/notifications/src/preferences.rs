use domain::notification::Preferences;
use platform::stores::Version;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
pub struct PreferencesView {
    pub preferences: Preferences,
    /// 0 as long as nothing was chosen: these are the defaults.
    pub version: Version,
}
