use std::process::ExitCode;

use notifications::UnreadCount;
use platform::http::{Call, Cost, NoBody, NoParameters, Problem, Reply, Route, TenantMember, serve};

const ROUTE: Route<TenantMember> =
    Route::get("/notifications/unread", TenantMember::ANY).costing(&[Cost::of(0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, count_unread)
}

async fn count_unread(call: Call<NoParameters, NoBody>) -> Result<Reply<UnreadCount>, Problem> {
    Ok(Reply::new(notifications::count_unread(&call).await?))
}
