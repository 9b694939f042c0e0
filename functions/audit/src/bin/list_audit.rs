use std::process::ExitCode;

use audit::{AuditEntryView, Parameters};
use domain::audit::AuditPosition;
use domain::permission::Permission;
use domain::tier::Feature;
use platform::http::{Call, Cost, NoBody, Problem, Reply, Route, TenantMember, serve};
use platform::table::Page;

const ROUTE: Route<TenantMember> = Route::get("/audit", TenantMember::holding(Permission::AuditRead))
    .needing(Feature::Audit)
    .costing(&[Cost::of(0.5, 0.0), Cost::when("of one kind", 0.5, 0.0)]);

fn main() -> ExitCode {
    serve(ROUTE, list_audit)
}

async fn list_audit(
    call: Call<Parameters, NoBody>,
) -> Result<Reply<Page<AuditEntryView, AuditPosition>>, Problem> {
    Ok(Reply::new(audit::list(&call).await?))
}
