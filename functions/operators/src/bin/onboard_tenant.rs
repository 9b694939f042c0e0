use std::process::ExitCode;

use operators::{OnboardRequest, Onboarded, OnboardedView};
use platform::accounts::Onboarding;
use platform::http::{
    Cost, NoParameters, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators_rereading,
};

const ROUTE: Route<Operator> = Route::post("/tenants", Operator)
    .with_secret()
    .refusing(&[ProblemType::Conflict])
    .costing(&[Cost::of(1.0, 21.0), Cost::when("with a key", 2.0, 23.0)]);

fn main() -> ExitCode {
    serve_operators_rereading(ROUTE, Onboarding::open, onboard_tenant, show_again)
}

async fn onboard_tenant(
    onboarding: &'static Onboarding,
    call: OperatorCall<NoParameters, OnboardRequest>,
) -> Result<Reply<OnboardedView>, Problem> {
    operators::onboard(onboarding, &call).await
}

async fn show_again(
    _: &'static Onboarding,
    call: OperatorCall<NoParameters, OnboardRequest>,
    onboarded: Onboarded,
) -> Result<Reply<OnboardedView>, Problem> {
    Ok(operators::reply(&call.body, &onboarded))
}
