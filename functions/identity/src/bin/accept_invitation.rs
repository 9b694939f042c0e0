use std::process::ExitCode;

use identity::AcceptedInvitation;
use platform::accounts::links::LinkRedemption;
use platform::http::{
    Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, StatusCode, serve_open,
};

const ROUTE: Route<Anyone> = Route::post("/invitations/redemption", Anyone)
    .answering(StatusCode::NO_CONTENT)
    .refusing(&[ProblemType::Conflict])
    .costing(&[Cost::when("by a member", 5.0, 15.0), Cost::when("by an admin", 5.0, 17.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, LinkRedemption::open_to_join, accept_invitation)
}

async fn accept_invitation(
    links: &'static LinkRedemption,
    call: OpenCall<NoParameters, AcceptedInvitation>,
) -> Result<Reply<()>, Problem> {
    identity::accept_invitation(links, &call).await
}
