use std::process::ExitCode;

use notifications::{ChosenPreferences, PreferencesView};
use platform::http::{Call, Conditional, Cost, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> =
    Route::put("/notifications/preferences", TenantMember::ANY).conditional().costing(&[Cost::of(1.0, 1.0)]);

fn main() -> ExitCode {
    serve(ROUTE, replace_preferences)
}

async fn replace_preferences(
    call: Call<NoParameters, ChosenPreferences, Conditional>,
) -> Result<Reply<PreferencesView>, Problem> {
    notifications::replace_preferences(&call).await
}
