//! Access tokens, which are JWTs that KMS signs with ES256 and the authorizer verifies, and opaque refresh
//! tokens.

mod authorizer;
mod es256;
mod issuer;
mod keys;
mod refresh;
mod verifier;

use domain::id::{TenantId, UserId};
use domain::role::OlderRole;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::{ConfigError, required};
use crate::tenancy::SessionDigest;

pub use authorizer::serve_authorizer;
pub(crate) use issuer::TokenIssuer;
pub use keys::{KeySet, PublishedKeys};
pub use refresh::RefreshToken;
pub(crate) use verifier::fetch_public_key;

/// The lifetime of an access token.
pub(crate) const LIFETIME_SECONDS: i64 = 15 * 60;

/// The ids of the keys that sign access tokens: the first signs, and tokens of all are accepted, so that a key can
/// be replaced while its tokens are in use.
pub(crate) fn signing_key_ids() -> Result<Vec<String>, ConfigError> {
    let listed = required("SIGNING_KEY_IDS")?;
    Ok(listed.split(',').map(|id| id.trim().to_owned()).collect())
}

/// The claims of an access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    /// The session that the token belongs to, and ends with.
    sid: SessionDigest,
    tid: TenantId,
    /// For functions of the version before: what the user may do is read for each token.
    role: OlderRole,
    /// Since when the user was valid when the session began.
    pwd: Timestamp,
    iat: i64,
    exp: i64,
    jti: String,
}
