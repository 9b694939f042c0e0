use std::process::ExitCode;

use domain::id::NotificationId;
use domain::user::Role;
use platform::http::{Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, serve};
use platform::tenancy::TenantMember;
use platform::views::NotificationView;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> = Route::post("/notifications/{id}/read", TenantMember(Role::Member))
    .answering(StatusCode::OK)
    .refusing(&[ProblemType::NotFound])
    .costing(&[
        Cost::of(1.0, 4.0),
        Cost::when("with a key", 2.0, 6.0),
        Cost::when("one that is read", 1.0, 0.0),
    ]);

fn main() -> ExitCode {
    serve(ROUTE, read_notification)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parameters {
    id: NotificationId,
}

async fn read_notification(call: Call<Parameters, NoBody>) -> Result<Reply<NotificationView>, Problem> {
    let reply = |read| Reply::new(NotificationView::from(read));
    let read = call
        .store
        .inbox()
        .read(call.caller.user(), call.parameters.id, call.now(), |read| call.command(&reply(read)))
        .await?;
    read.map(reply).ok_or_else(|| Problem::not_found("notification"))
}
