use std::process::ExitCode;

use notifications::{NotificationParameters, NotificationView};
use platform::http::{
    Call, Cost, NoBody, Problem, ProblemType, Reply, Route, StatusCode, TenantMember, serve,
};

const ROUTE: Route<TenantMember> = Route::post("/notifications/{id}/read", TenantMember::ANY)
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

async fn read_notification(
    call: Call<NotificationParameters, NoBody>,
) -> Result<Reply<NotificationView>, Problem> {
    notifications::read(&call).await
}
