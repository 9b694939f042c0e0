use std::process::ExitCode;

use identity::{MeView, OwnChanges};
use platform::http::{Call, Conditional, Cost, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember, Conditional> =
    Route::patch("/me", TenantMember::ANY).of_identities().conditional().costing(&[Cost::of(1.0, 10.0)]);

fn main() -> ExitCode {
    serve(ROUTE, update_me)
}

async fn update_me(call: Call<NoParameters, OwnChanges, Conditional>) -> Result<Reply<MeView>, Problem> {
    identity::update_own(&call).await
}
