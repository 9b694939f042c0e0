use std::process::ExitCode;

use domain::id::{TenantId, UserId};
use domain::tenant::TenantProfile;
use domain::user::{Role, User};
use platform::http::{Cost, NoParameters, OpenCall, Problem, ProblemType, Reply, Route, serve_open};
use platform::new_id;
use platform::stores::{NewTenant, Onboarding, Version};
use platform::tenancy::OperatorKey;
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
    let (now, context) = (call.now(), call.operator_command());
    let OnboardRequest { name, slug, tier, admin } = call.body;
    let new = NewTenant {
        profile: TenantProfile { id: new_id(TenantId::from_uuid), name, slug, tier },
        admin: User::register(new_id(UserId::from_uuid), admin.name, admin.email, Role::Admin, now),
        password: admin.password,
    };
    onboarding.onboard(&new, &context).await?;
    Ok(Reply::new(OnboardedView::new(new.profile, new.admin)).version(Version::FIRST))
}
