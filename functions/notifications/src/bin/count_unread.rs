use std::process::ExitCode;

use domain::user::Role;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, serve};
use platform::tenancy::TenantMember;
use schemars::JsonSchema;
use serde::Serialize;

const ROUTE: Route<TenantMember> =
    Route::get("/notifications/unread", TenantMember(Role::Member)).costing(&[Cost::of(0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, count_unread)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UnreadCount")]
struct Unread {
    unread: u64,
}

async fn count_unread(call: Call<NoParameters, NoBody>) -> Result<Reply<Unread>, Problem> {
    let unread = call.store.inbox().unread(call.caller.user()).await?;
    Ok(Reply::new(Unread { unread }))
}
