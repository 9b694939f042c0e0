use std::process::ExitCode;

use identity::RoleBookView;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> = Route::get("/roles", TenantMember::ANY).costing(&[Cost::of(1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_roles)
}

async fn list_roles(call: Call<NoParameters, NoBody>) -> Result<Reply<RoleBookView>, Problem> {
    identity::list_roles(&call).await
}
