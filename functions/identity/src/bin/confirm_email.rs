use std::process::ExitCode;

use identity::ConfirmedEmail;
use platform::accounts::links::LinkRedemption;
use platform::http::{
    Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, StatusCode, serve_open,
};

const ROUTE: Route<Anyone> = Route::post("/email-changes/redemption", Anyone)
    .answering(StatusCode::NO_CONTENT)
    .refusing(&[ProblemType::Conflict])
    .costing(&[
        Cost::when("asked for by the user", 4.0, 13.0),
        Cost::when("asked for by another", 6.0, 17.0),
    ]);

fn main() -> ExitCode {
    serve_open(ROUTE, LinkRedemption::open_to_move, confirm_email)
}

async fn confirm_email(
    links: &'static LinkRedemption,
    call: OpenCall<NoParameters, ConfirmedEmail>,
) -> Result<Reply<()>, Problem> {
    identity::confirm_email(links, &call).await
}
