use std::process::ExitCode;

use audit::AuditEntryView;
use domain::audit::AuditPosition;
use operators::TenantAuditParameters;
use platform::accounts::Operating;
use platform::http::{
    Cost, NoBody, Operator, OperatorCall, Problem, ProblemType, Reply, Route, serve_operators,
};
use platform::table::Page;

const ROUTE: Route<Operator> = Route::get("/tenants/{id}/audit", Operator)
    .refusing(&[ProblemType::NotFound])
    .costing(&[Cost::of(1.5, 0.0), Cost::when("of one kind", 1.5, 0.0)]);

fn main() -> ExitCode {
    serve_operators(ROUTE, Operating::open, list_tenant_audit)
}

async fn list_tenant_audit(
    operating: &'static Operating,
    call: OperatorCall<TenantAuditParameters, NoBody>,
) -> Result<Reply<Page<AuditEntryView, AuditPosition>>, Problem> {
    Ok(Reply::new(operators::audit(operating, call).await?))
}
