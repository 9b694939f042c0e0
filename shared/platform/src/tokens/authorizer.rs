//! The Lambda authorizer in front of every route of a tenant.

use std::collections::HashMap;
use std::process::ExitCode;

use lambda_runtime::{LambdaEvent, service_fn};
use serde::{Deserialize, Serialize};

use crate::aws::{shared_config, with_endpoint};
use crate::runtime::{StartError, leak, run};
use crate::telemetry::take_cold_start;
use crate::tenancy::AuthorizerContext;
use crate::tokens::verifier::TokenVerifier;

/// The part of an authorizer's event (payload 2.0) that decides. The answer is cached for every route, so neither the
/// route nor any other header counts.
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

pub fn serve_authorizer() -> ExitCode {
    run(async {
        let kms = aws_sdk_kms::Client::new(&with_endpoint(&shared_config()?, "AWS_ENDPOINT_URL_KMS"));
        let verifier = leak(TokenVerifier::open(&kms).await?);
        let service = service_fn(|event: LambdaEvent<AuthorizerRequest>| async move {
            Ok::<_, lambda_runtime::Error>(judge(verifier, &event.payload))
        });
        lambda_runtime::run(service).await.map_err(StartError::from)
    })
}

fn judge(verifier: &TokenVerifier, request: &AuthorizerRequest) -> AuthorizerAnswer {
    let cold_start = take_cold_start();
    match bearer(request).map(|token| verifier.verify(token)) {
        Some(Ok(claims)) => {
            tracing::info!(tenant = %claims.tid, user = %claims.sub, cold_start, "token accepted");
            AuthorizerAnswer {
                is_authorized: true,
                context: Some(AuthorizerContext {
                    tenant: claims.tid,
                    user: claims.sub,
                    role: claims.role,
                    expires_at: claims.exp,
                }),
            }
        }
        refused => {
            let reason = match refused {
                Some(Err(refusal)) => refusal.to_string(),
                _ => "no bearer token".to_owned(),
            };
            tracing::info!(reason, cold_start, "token refused");
            AuthorizerAnswer { is_authorized: false, context: None }
        }
    }
}

fn bearer(request: &AuthorizerRequest) -> Option<&str> {
    let (scheme, token) = request.headers.get("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
