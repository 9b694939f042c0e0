//! Links that are mailed to users: asked for by a commit, made by a consumer, redeemed once.
//!
//! A user has one link of each purpose, a row: a newer one takes the place of the older one. Every kind of link goes
//! through [`LinkRequests`], [`Links::make`] and [`LinkRedemption`].

mod asking;
mod effects;
mod frontend;
mod making;
mod permitted;
mod redemption;
mod registration;
mod request;
mod token;

use domain::Version;
use domain::id::{LinkId, UserId};
use domain::link::Purpose;
use domain::text::Email;
use domain::user::User;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::hex::hex;
use crate::table::namespace::accounts::LINKS;
use crate::table::{Attribute, Condition, Conflict, Row, Scope, SortKey, StoreError, Write};

pub use effects::Redemption;
pub use frontend::FrontendUrl;
pub use making::NewLink;
pub use redemption::{LinkRedemption, Redeemed};
pub use registration::{NotRegistered, Registrations};
pub use request::{LinkRequests, Wait};
pub use token::{LinkToken, NoGoodLink};

const EXPIRES_AT: Attribute = Attribute::new("expiresAt");

/// The links of the users of one tenant.
pub struct Links<'a>(pub(crate) &'a Scope);

/// A link as it is stored.
#[derive(Clone)]
struct LinkRecord {
    user: UserId,
    purpose: Purpose,
    version: Version,
    /// In seconds of Unix time. DynamoDB deletes the row some time later.
    expires_at: i64,
    document: Document,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    link: LinkId,
    /// The SHA-256 of the token's secret, in hexadecimal digits.
    secret: String,
    /// When the password was set that the user had when the link was made.
    password_of: Timestamp,
    state: State,
    /// The user who has asked for it; `None` if that was somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked_by: Option<UserId>,
    /// The SHA-256 of the address that the user had, in hexadecimal digits; `None` in rows of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// The address that the user gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Email>,
    /// The owner whose place the user takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaces: Option<UserId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum State {
    /// It was made, and may be in the mail.
    Made,
    Sent,
    Used,
}

impl LinkRecord {
    fn read(user: UserId, purpose: Purpose, row: &Row) -> Result<Self, StoreError> {
        let stored = row.state::<Document>()?;
        let expires_at = row.number(EXPIRES_AT)?;
        Ok(Self { user, purpose, version: stored.version, expires_at, document: stored.value })
    }

    /// Whether the token is this link's, and still good for the user as they are now.
    fn is_good(&self, token: &LinkToken, user: &User, now: Timestamp) -> bool {
        let Document { link, secret, state, address, .. } = &self.document;
        // Who has the mailbox of an address of before is not the user any more.
        let is_theirs = address.as_ref().is_none_or(|address| *address == digest(&user.email));
        let is_right = bool::from(token.digest().as_bytes().ct_eq(secret.as_bytes()));
        is_right
            && is_theirs
            && *link == token.link()
            && *state != State::Used
            && self.document.password_of == user.valid_from
            && now.as_second() < self.expires_at
    }

    fn in_state(&self, state: State) -> Self {
        Self {
            version: self.version.next(),
            document: Document { state, ..self.document.clone() },
            ..self.clone()
        }
    }
}

impl Links<'_> {
    async fn get(&self, user: UserId, purpose: Purpose) -> Result<Option<LinkRecord>, StoreError> {
        let row = self.0.get(&LINKS.of(user), &sort_key(purpose)).await?;
        row.map(|row| LinkRecord::read(user, purpose, &row)).transpose()
    }

    /// The write of a link, in the place of the version that was read.
    fn write(&self, record: &LinkRecord, expected: Version) -> Result<Write, StoreError> {
        let LinkRecord { user, purpose, version, expires_at, document } = record;
        let (partition, key) = (LINKS.of(*user), sort_key(*purpose));
        let condition = Condition::expects(expected);
        let write =
            self.0.write_state(&partition, key, condition, Conflict::Version, (*version, document))?;
        Ok(write.number(EXPIRES_AT, *expires_at))
    }
}

fn digest(email: &Email) -> String {
    hex(&Sha256::digest(email.as_str()))
}

/// The prefix keeps a purpose from looking like a commit to the relay.
fn sort_key(purpose: Purpose) -> SortKey {
    SortKey::of(format_args!("f#{}", purpose.as_str()))
}

#[cfg(test)]
mod tests;
