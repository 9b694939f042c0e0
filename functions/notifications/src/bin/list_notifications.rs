use std::process::ExitCode;

use domain::id::NotificationId;
use notifications::{ListParameters, NotificationView};
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use platform::table::Page;

const ROUTE: Route<TenantMember> =
    Route::get("/notifications", TenantMember::ANY).costing(&[Cost::of(0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_notifications)
}

async fn list_notifications(
    call: Call<ListParameters, NoBody>,
) -> Result<Reply<Page<NotificationView, NotificationId>>, Problem> {
    Ok(Reply::new(notifications::list(&call).await?))
}
