use std::process::ExitCode;

use identity::PasswordReset;
use platform::accounts::links::LinkRedemption;
use platform::http::{
    Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, StatusCode, serve_open,
};

const ROUTE: Route<Anyone> = Route::post("/password-resets/redemption", Anyone)
    .answering(StatusCode::NO_CONTENT)
    .refusing(&[ProblemType::Conflict])
    .costing(&[Cost::of(3.0, 11.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, LinkRedemption::open, reset_password)
}

async fn reset_password(
    redemption: &'static LinkRedemption,
    call: OpenCall<NoParameters, PasswordReset>,
) -> Result<Reply<()>, Problem> {
    identity::reset_password(redemption, &call).await
}
