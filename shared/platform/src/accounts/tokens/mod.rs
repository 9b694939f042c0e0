//! Access tokens: JWTs with an ES256 signature that KMS makes and the authorizer verifies. Refresh tokens are opaque.

mod authorizer;
mod es256;
mod issuer;
mod keys;
mod refresh;
mod verifier;

use domain::id::{TenantId, UserId};
use domain::user::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use authorizer::serve_authorizer;
pub(crate) use issuer::TokenIssuer;
pub use keys::{KeySet, PublishedKeys};
pub use refresh::RefreshToken;
pub(crate) use verifier::fetch_public_key;

pub(crate) const LIFETIME_SECONDS: i64 = 15 * 60;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    tid: TenantId,
    role: Role,
    /// When the password was set that the session began with.
    pwd: Timestamp,
    iat: i64,
    exp: i64,
    jti: String,
}
