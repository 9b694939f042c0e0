use std::process::ExitCode;

use operators::{TenantParameters, TenantView, TermsRequest};
use platform::accounts::Operating;
use platform::http::{
    Conditional, Cost, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators,
};

const ROUTE: Route<Operator, Conditional> = Route::patch("/tenants/{id}", Operator)
    .conditional()
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(3.0, 6.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, Operating::open, change_terms)
}

async fn change_terms(
    operating: &'static Operating,
    call: OperatorCall<TenantParameters, TermsRequest, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    operators::change_terms(operating, &call).await
}
