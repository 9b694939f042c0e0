use std::process::ExitCode;

use notifications::ReadCount;
use platform::http::{
    Call, Cost, NoBody, NoParameters, Problem, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::post("/notifications/read", TenantMember::ANY)
    .answering(StatusCode::OK)
    .costing(&[Cost::when("two unread", 1.0, 6.0), Cost::when("none unread", 1.0, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, read_all_notifications)
}

async fn read_all_notifications(call: Call<NoParameters, NoBody>) -> Result<Reply<ReadCount>, Problem> {
    notifications::read_all(&call).await
}
