//! Parameters and bodies of requests.

use domain::id::NotificationId;
use domain::notification::Preferences;
use platform::http::Limit;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<NotificationId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationParameters {
    pub(crate) id: NotificationId,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenPreferences {
    pub(crate) preferences: Preferences,
}
