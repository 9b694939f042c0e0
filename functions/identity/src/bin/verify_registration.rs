use std::process::ExitCode;

use identity::VerifiedRegistration;
use platform::accounts::links::LinkRedemption;
use platform::http::{
    Anyone, Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, StatusCode, serve_open,
};

const ROUTE: Route<Anyone> = Route::post("/registrations/verification", Anyone)
    .answering(StatusCode::NO_CONTENT)
    .refusing(&[ProblemType::Conflict])
    .costing(&[Cost::of(5.0, 13.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, LinkRedemption::open_to_join, verify_registration)
}

async fn verify_registration(
    links: &'static LinkRedemption,
    call: OpenCall<NoParameters, VerifiedRegistration>,
) -> Result<Reply<()>, Problem> {
    identity::verify_registration(links, &call).await
}
