use std::process::ExitCode;

use domain::id::NotificationId;
use domain::user::Role;
use platform::http::{Call, Cost, Limit, NoBody, Problem, Reply, Route, serve};
use platform::stores::Page;
use platform::tenancy::TenantMember;
use platform::views::NotificationView;
use schemars::JsonSchema;
use serde::Deserialize;

const ROUTE: Route<TenantMember> =
    Route::get("/notifications", TenantMember(Role::Member)).costing(&[Cost::of(0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_notifications)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Parameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<NotificationId>,
}

async fn list_notifications(
    call: Call<Parameters, NoBody>,
) -> Result<Reply<Page<NotificationView, NotificationId>>, Problem> {
    let Parameters { limit, cursor } = call.parameters;
    let page = call.store.inbox().list(call.caller.user(), limit.get(), cursor).await?;
    Ok(Reply::new(page.map(NotificationView::from)))
}
