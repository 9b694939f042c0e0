use std::process::ExitCode;

use identity::MeView;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::get("/me", TenantMember::ANY).costing(&[Cost::of(1.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, get_me)
}

async fn get_me(call: Call<NoParameters, NoBody>) -> Result<Reply<MeView>, Problem> {
    identity::show_own(&call).await
}
