use std::process::ExitCode;

use notifications::PreferencesView;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/notifications/preferences", TenantMember::ANY).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_preferences)
}

async fn get_preferences(call: Call<NoParameters, NoBody>) -> Result<Reply<PreferencesView>, Problem> {
    notifications::show_preferences(&call).await
}
