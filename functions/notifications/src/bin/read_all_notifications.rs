use std::process::ExitCode;

use domain::user::Role;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, StatusCode, serve};
use platform::tenancy::TenantMember;
use schemars::JsonSchema;
use serde::Serialize;

const ROUTE: Route<TenantMember> = Route::post("/notifications/read", TenantMember(Role::Member))
    .answering(StatusCode::OK)
    .costing(&[Cost::when("two unread", 1.0, 6.0), Cost::when("none unread", 1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, read_all_notifications)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReadCount")]
struct Read {
    /// How many this request marked as read.
    read: usize,
}

async fn read_all_notifications(call: Call<NoParameters, NoBody>) -> Result<Reply<Read>, Problem> {
    let reply = |read| Reply::new(Read { read });
    let command = |read| call.command(&reply(read));
    let read = call.store.inbox().read_all(call.caller.user(), call.now(), command).await?;
    Ok(reply(read))
}
