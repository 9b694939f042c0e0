//! Sessions as they are stored.

use domain::id::{SessionId, UserId};
use domain::text::Device;
use domain::user::User;
use domain::{Version, Versioned};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::accounts::tokens::RefreshToken;
use crate::table::{Attribute, Row, StoreError};
use crate::tenancy::SessionDigest;

/// The lifetime of a session from its log-in on; a refresh does not extend it.
const LIFETIME_SECONDS: i64 = 30 * 24 * 60 * 60;
pub(super) const EXPIRES_AT: Attribute = Attribute::new("expiresAt");

/// A session as it is stored.
pub struct SessionRecord {
    pub(super) id: SessionId,
    pub(super) user: UserId,
    pub(super) version: Version,
    pub(super) expires_at: i64,
    pub(super) document: Document,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    /// The SHA-256 of the current refresh token's secret, in hexadecimal digits.
    secret: String,
    /// Since when the user was valid at the log-in.
    password_of: Timestamp,
    /// A session that ends is deleted. Versions before wrote this instead.
    #[serde(default, skip_serializing)]
    ended: bool,
    /// When it was last refreshed, if it was; versions before did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refreshed_at: Option<Timestamp>,
    /// `None` if the log-in did not say, or was one of a version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<Device>,
}

impl SessionRecord {
    pub(super) fn begun(
        (user, id): (UserId, SessionId),
        token: &RefreshToken,
        (password_of, device): (Timestamp, Option<Device>),
        now: Timestamp,
    ) -> Self {
        let document =
            Document { secret: token.digest(), password_of, ended: false, refreshed_at: None, device };
        let expires_at = now.as_second() + LIFETIME_SECONDS;
        Self { id, user, version: Version::FIRST, expires_at, document }
    }

    pub(super) fn read(user: UserId, id: SessionId, row: &Row) -> Result<Self, StoreError> {
        let Versioned { value: document, version } = row.state()?;
        Ok(Self { id, user, version, expires_at: row.number(EXPIRES_AT)?, document })
    }

    /// With the next refresh token.
    pub(super) fn refreshed(&self, next: &RefreshToken, now: Timestamp) -> Self {
        let document = Document { secret: next.digest(), refreshed_at: Some(now), ..self.document.clone() };
        Self { version: self.version.next(), document, ..*self }
    }

    /// Whether this is the session's current refresh token.
    pub(crate) fn is_current(&self, token: &RefreshToken) -> bool {
        bool::from(token.digest().as_bytes().ct_eq(self.document.secret.as_bytes()))
    }

    pub(super) fn has_ended(&self) -> bool {
        self.document.ended
    }

    /// An expired session may still be stored, since DynamoDB deletes expired items up to days late.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        !self.document.ended && self.seconds_left(now) > 0
    }

    /// Whether it is open, and not one of those that have ended together.
    pub(crate) fn is_open_for(&self, user: &User, now: Timestamp) -> bool {
        self.is_open(now) && user.continues_session_of(self.document.password_of)
    }

    pub(crate) fn seconds_left(&self, now: Timestamp) -> i64 {
        self.expires_at - now.as_second()
    }

    pub(crate) fn password_of(&self) -> Timestamp {
        self.document.password_of
    }

    /// By which it is shown, and ended by its user.
    pub fn digest(&self) -> SessionDigest {
        SessionDigest::of(self.id)
    }

    pub fn device(&self) -> Option<&Device> {
        self.document.device.as_ref()
    }

    /// In whole seconds.
    pub fn begun_at(&self) -> Timestamp {
        // Out of range is only what no version has written.
        Timestamp::from_second(self.expires_at - LIFETIME_SECONDS).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When it was last refreshed, in whole seconds, and otherwise when it began. Requests with its access tokens are not
    /// noted, so it may have been used up to an access token's lifetime later.
    pub fn last_used_at(&self) -> Timestamp {
        let refreshed_at = self.document.refreshed_at;
        refreshed_at
            .map_or_else(|| self.begun_at(), |at| Timestamp::from_second(at.as_second()).unwrap_or(at))
    }
}
