use std::process::ExitCode;

use domain::id::TenantId;
use domain::text::{Email, Password, Slug};
use platform::http::{NoParameters, OpenCall, Problem, Reply, Route, serve_open};
use platform::sign_in::SignIn;
use platform::tenancy::Anyone;
use serde::{Deserialize, Serialize};

const ROUTE: Route<Anyone> = Route::post("/sessions", Anyone);

fn main() -> ExitCode {
    serve_open(ROUTE, SignIn::open, log_in)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogIn {
    tenant: Slug,
    email: Email,
    password: Password,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    tenant_id: TenantId,
}

async fn log_in(
    sign_in: &'static SignIn,
    call: OpenCall<NoParameters, LogIn>,
) -> Result<Reply<Session>, Problem> {
    let LogIn {
        tenant,
        email,
        password,
    } = &call.body;
    let token = sign_in.sign_in(tenant, email, password, call.now()).await?;
    let token = token.ok_or_else(|| {
        Problem::unauthorized("Tenant, e-mail address and password do not belong together.")
    })?;
    Ok(Reply::new(Session {
        access_token: token.token,
        token_type: "Bearer",
        expires_in: token.expires_in_seconds,
        tenant_id: token.tenant,
    }))
}
