//! What a log-in reads and answers.

use domain::id::TenantId;
use domain::text::{Email, Password, Slug};
use platform::sign_in::AccessToken;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    pub tenant: Slug,
    pub email: Email,
    pub password: Password,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    tenant_id: TenantId,
}

impl From<AccessToken> for Session {
    fn from(AccessToken { token, expires_in_seconds, tenant }: AccessToken) -> Self {
        Self { access_token: token, token_type: "Bearer", expires_in: expires_in_seconds, tenant_id: tenant }
    }
}
