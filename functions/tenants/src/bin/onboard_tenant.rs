use std::process::ExitCode;

use platform::accounts::Onboarding;
use platform::http::{
    Cost, NoParameters, OpenCall, OperatorKey, Problem, ProblemType, Reply, Route, serve_open,
};
use tenants::{OnboardRequest, OnboardedView};

const ROUTE: Route<OperatorKey> =
    Route::post("/tenants", OperatorKey).refusing(&[ProblemType::Conflict]).costing(&[Cost::of(0.0, 10.0)]);

fn main() -> ExitCode {
    serve_open(ROUTE, Onboarding::open, onboard_tenant)
}

async fn onboard_tenant(
    onboarding: &'static Onboarding,
    call: OpenCall<NoParameters, OnboardRequest>,
) -> Result<Reply<OnboardedView>, Problem> {
    tenants::onboard(onboarding, call).await
}
