use std::process::ExitCode;

use identity::AcceptedInvitation;
use platform::accounts::links::LinkRedemption;
use platform::http::{
    Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, StatusCode, serve_open,
};

const ROUTE: Route<Anyone> = Route::post("/ownership/redemption", Anyone)
    .answering(StatusCode::NO_CONTENT)
    .refusing(&[ProblemType::Conflict])
    .costing(&[Cost::of(4.0, 17.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, LinkRedemption::open_to_own, take_ownership)
}

async fn take_ownership(
    links: &'static LinkRedemption,
    call: OpenCall<NoParameters, AcceptedInvitation>,
) -> Result<Reply<()>, Problem> {
    identity::take_ownership(links, &call).await
}
