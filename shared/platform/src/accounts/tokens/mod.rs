//! Access tokens, which are JWTs that KMS signs with ES256 and the authorizer verifies, and opaque refresh
//! tokens.

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

/// The lifetime of an access token.
pub(crate) const LIFETIME_SECONDS: i64 = 15 * 60;

/// The claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    tid: TenantId,
    role: Role,
    /// When the password that the session began with was set.
    pwd: Timestamp,
    iat: i64,
    exp: i64,
    jti: String,
}
