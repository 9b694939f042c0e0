//! The Lambda authorizer in front of every route of a tenant.

use std::collections::HashMap;
use std::process::ExitCode;

use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};

use crate::StartError;
use crate::accounts::tokens::verifier::TokenVerifier;
use crate::aws::{shared_config, with_endpoint};
use crate::runtime::{leak, run};
use crate::table::{StoreError, TenantTable};
use crate::telemetry::take_cold_start;
use crate::tenancy::{AuthorizerContext, Tenant};

/// The part of an authorizer's event (payload format 2.0) that the answer depends on. The gateway caches the
/// answer for all routes, so it must depend neither on the route nor on any other header.
#[derive(Deserialize)]
struct AuthorizerRequest {
    #[serde(default)]
    headers: HashMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizerAnswer {
    is_authorized: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<AuthorizerContext>,
}

struct Authorizer {
    verifier: TokenVerifier,
    table: &'static TenantTable,
}

/// Serves the authorizer, which accepts the access tokens of sessions that continue.
pub fn serve_authorizer() -> ExitCode {
    run(async {
        let shared = shared_config()?;
        let kms = aws_sdk_kms::Client::new(&with_endpoint(&shared, "AWS_ENDPOINT_URL_KMS"));
        let table = leak(TenantTable::open(&shared)?);
        let authorizer = leak(Authorizer { verifier: TokenVerifier::open(&kms).await?, table });
        let service = service_fn(|event: LambdaEvent<AuthorizerRequest>| authorizer.answer(event.payload));
        lambda_runtime::run(service).await.map_err(StartError::from)
    })
}

impl Authorizer {
    /// Fails when the user cannot be read. A refusal would be wrong, since the gateway caches refusals for a
    /// minute, but not errors.
    async fn answer(&self, request: AuthorizerRequest) -> Result<AuthorizerAnswer, lambda_runtime::Error> {
        let cold_start = take_cold_start();
        match self.authorize(&request).await? {
            Ok(context) => {
                tracing::info!(tenant = %context.tenant, user = %context.user, cold_start, "token accepted");
                Ok(AuthorizerAnswer { is_authorized: true, context: Some(context) })
            }
            Err(reason) => {
                tracing::info!(reason, cold_start, "token refused");
                Ok(AuthorizerAnswer { is_authorized: false, context: None })
            }
        }
    }

    /// The token identifies the user. The stored user decides whether the session continues, and has the
    /// role.
    async fn authorize(
        &self,
        request: &AuthorizerRequest,
    ) -> Result<Result<AuthorizerContext, String>, StoreError> {
        let Some(token) = bearer(request) else { return Ok(Err("no bearer token".to_owned())) };
        let claims = match self.verifier.verify(token) {
            Ok(claims) => claims,
            Err(refusal) => return Ok(Err(refusal.to_string())),
        };
        let scope = self.table.within(Tenant::from_claims(claims.tid));
        let loaded = scope.users().get(claims.sub).await?;
        let user = loaded.map(|loaded| loaded.value).filter(|user| user.continues_session_of(claims.pwd));
        Ok(user
            .map(|user| AuthorizerContext {
                tenant: claims.tid,
                user: user.id,
                role: user.role,
                expires_at: claims.exp,
            })
            .ok_or_else(|| format!("{} is deactivated or has changed the password since", claims.sub)))
    }
}

fn bearer(request: &AuthorizerRequest) -> Option<&str> {
    let (scheme, token) = request.headers.get("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
