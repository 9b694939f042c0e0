//! Sessions as clients see them.

use domain::id::TenantId;
use platform::accounts::sign_in::Tokens;
use platform::accounts::tokens::RefreshToken;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    access_token: String,
    token_type: &'static str,
    /// The lifetime of the access token in seconds.
    expires_in: i64,
    refresh_token: RefreshToken,
    /// The rest of the session's lifetime in seconds. A refresh does not extend it.
    refresh_expires_in: i64,
    tenant_id: TenantId,
}

impl From<Tokens> for Session {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access,
            token_type: "Bearer",
            expires_in: tokens.access_expires_in_seconds,
            refresh_token: tokens.refresh,
            refresh_expires_in: tokens.refresh_expires_in_seconds,
            tenant_id: tokens.tenant,
        }
    }
}
