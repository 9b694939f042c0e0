//! The Lambda authorizers in front of the routes of tenants: one for each class of access. Each also vends the
//! credentials by which the route's function reaches the tenant's data.

use std::collections::HashMap;
use std::process::ExitCode;

use lambda_runtime::LambdaEvent;
use serde::{Deserialize, Serialize};

use crate::accounts::standing::{Fallen, Standing, TokenSession, standing};
use crate::accounts::tiers;
use crate::accounts::tokens::verifier::TokenVerifier;
use crate::aws::{shared_config, with_endpoint};
use crate::config::required;
use crate::describe::describe_if_asked;
use crate::metering::{Invocation, charge, log_usage, metered};
use crate::runtime::{answer_events, leak, run};
use crate::table::{AccessClass, SharedRow, StoreError, Vendor};
use crate::tenancy::{AuthorizerContext, SuspendedContext, Tenant};

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
    context: Option<Context>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Context {
    User(Box<AuthorizerContext>),
    Suspended(SuspendedContext),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    access_class: AccessClass,
}

struct Authorizer {
    verifier: TokenVerifier,
    vendor: Vendor,
    tiers: SharedRow,
}

/// Serves the authorizer of a class of access. It accepts the access tokens of sessions that stand.
pub fn serve_authorizer(class: AccessClass) -> ExitCode {
    if let Some(code) = describe_if_asked(|| serde_json::to_string(&Description { access_class: class })) {
        return code;
    }
    run(async move {
        let shared = shared_config()?;
        let kms = aws_sdk_kms::Client::new(&with_endpoint(&shared, "AWS_ENDPOINT_URL_KMS"));
        let vendor = Vendor::open(&shared, class)?;
        let tiers = tiers::row(required("REGISTRY_TABLE")?);
        let authorizer: &'static Authorizer =
            leak(Authorizer { verifier: TokenVerifier::open(&kms).await?, vendor, tiers });
        answer_events(|event: LambdaEvent<AuthorizerRequest>| authorizer.answer(event.payload)).await
    })
}

impl Authorizer {
    /// Fails when the user cannot be read. A refusal would be wrong, since the gateway caches refusals for a
    /// minute, but not errors.
    async fn answer(
        &'static self,
        request: AuthorizerRequest,
    ) -> Result<AuthorizerAnswer, lambda_runtime::Error> {
        let invocation = Invocation::begin();
        let (outcome, metered) = metered(self.authorize(&request)).await;
        let usage = invocation.usage(metered);
        match outcome {
            Ok(Ok(context)) => {
                match &context {
                    Context::User(context) => {
                        log_usage!(usage, user = %context.user, "token accepted");
                    }
                    Context::Suspended(_) => log_usage!(usage, "token of a suspended tenant"),
                }
                Ok(AuthorizerAnswer { is_authorized: true, context: Some(context) })
            }
            Ok(Err(reason)) => {
                log_usage!(usage, reason, "token refused");
                Ok(AuthorizerAnswer { is_authorized: false, context: None })
            }
            Err(error) => {
                log_usage!(usage, %error, "token not checked");
                Err(error.into())
            }
        }
    }

    /// The token identifies the user and the session. What is stored decides whether the session stands, and what
    /// the user may do.
    async fn authorize(
        &'static self,
        request: &AuthorizerRequest,
    ) -> Result<Result<Context, String>, StoreError> {
        let Some(token) = bearer(request) else { return Ok(Err("no bearer token".to_owned())) };
        let claims = match self.verifier.verify(token) {
            Ok(claims) => claims,
            Err(refusal) => return Ok(Err(refusal.to_string())),
        };
        charge(claims.tid);
        let tenant = Tenant::from_claims(claims.tid);
        let credentials = self.vendor.credentials(&tenant).await?;
        let scope = self.vendor.scope_with(tenant, &credentials);
        let session = TokenSession { user: claims.sub, session: claims.sid, password_of: claims.pwd };
        let Standing { user, permissions, tenant, entitlements } =
            match standing(&scope, session, &self.tiers).await? {
                Ok(standing) => standing,
                // The function says so: the gateway's own refusal has no words.
                Err(Fallen::Suspended) => {
                    return Ok(Ok(Context::Suspended(SuspendedContext::of(claims.tid))));
                }
                Err(fallen) => return Ok(Err(format!("a session of {}: {fallen}", claims.sub))),
            };
        Ok(Ok(Context::User(Box::new(AuthorizerContext {
            tenant: claims.tid,
            user: user.id,
            permissions,
            session: Some(claims.sid),
            plugins: tenant.plugins.active(),
            tier: Some(tenant.tier),
            entitlements,
            expires_at: claims.exp,
            credentials,
        }))))
    }
}

fn bearer(request: &AuthorizerRequest) -> Option<&str> {
    let (scheme, token) = request.headers.get("authorization")?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
