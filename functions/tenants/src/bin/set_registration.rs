use std::process::ExitCode;

use domain::permission::Permission;
use domain::registration::RegistrationForm;
use platform::http::{Call, Conditional, Cost, NoParameters, Problem, Reply, Route, TenantMember, serve};
use tenants::TenantView;

const ROUTE: Route<TenantMember, Conditional> =
    Route::put("/tenant/registration", TenantMember::holding(Permission::SignInManage))
        .of_identities()
        .conditional()
        .costing(&[Cost::of(1.0, 4.0)]);

fn main() -> ExitCode {
    serve(ROUTE, set_registration)
}

async fn set_registration(
    call: Call<NoParameters, RegistrationForm, Conditional>,
) -> Result<Reply<TenantView>, Problem> {
    tenants::set_registration(&call).await
}
