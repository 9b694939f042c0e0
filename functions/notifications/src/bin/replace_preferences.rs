use std::process::ExitCode;

use domain::notification::Preferences;
use domain::user::Role;
use notifications::PreferencesView;
use platform::http::{Call, Cost, NoParameters, Problem, Reply, Route, serve};
use platform::tenancy::TenantMember;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::put("/notifications/preferences", TenantMember(Role::Member))
    .conditional()
    .costing(&[Cost::of(1.0, 1.0)]);

fn main() -> ExitCode {
    serve(ROUTE, replace_preferences)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Chosen {
    preferences: Preferences,
}

async fn replace_preferences(call: Call<NoParameters, Chosen>) -> Result<Reply<PreferencesView>, Problem> {
    let store = call.store.notification_preferences();
    let (user, preferences) = (call.caller.user(), call.body.preferences);
    let (_, version) = store.of(user).await?;
    call.admit(version)?;
    store.replace(user, preferences, version).await?;
    let version = version.next();
    Ok(Reply::new(PreferencesView { preferences, version }).version(version))
}
