use std::process::ExitCode;

use audit::{AuditEntryView, Parameters};
use domain::audit::AuditPosition;
use domain::user::Role;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, serve};
use platform::stores::Page;
use platform::tenancy::TenantMember;

const ROUTE: Route<TenantMember> = Route::get("/audit", TenantMember(Role::Admin))
    .costing(&[Cost::of(0.5, 0.0), Cost::when("of one kind", 0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_audit)
}

async fn list_audit(
    call: Call<Parameters, NoBody>,
) -> Result<Reply<Page<AuditEntryView, AuditPosition>>, Problem> {
    let filter = call.parameters.filter(call.now())?;
    let Parameters { limit, cursor, .. } = call.parameters;
    let page = call.store.audit().list(filter, limit.get(), cursor).await?;
    Ok(Reply::new(page.map(AuditEntryView::from)))
}
