//! Refresh tokens, which name a session and prove it by a secret that is valid for one use.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::id::{SessionId, UserId};
use domain::text::Slug;
use ring::rand::{SecureRandom, SystemRandom};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::table::StoreError;

const RULE: &str = "must be a refresh token as a log-in answers it";

/// A refresh token. The tenant, the user and the session are claims until the secret has been compared with
/// the session's.
#[derive(Clone)]
pub struct RefreshToken {
    tenant: Slug,
    user: UserId,
    session: SessionId,
    secret: [u8; 32],
}

/// The text does not have the form of a refresh token.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{RULE}")]
pub struct NoRefreshToken;

impl RefreshToken {
    pub(crate) fn new(tenant: Slug, user: UserId, session: SessionId) -> Result<Self, StoreError> {
        let mut secret = [0; 32];
        let filled = SystemRandom::new().fill(&mut secret);
        filled.map_err(|_| StoreError::Unavailable("the system gives no random bytes".to_owned()))?;
        Ok(Self { tenant, user, session, secret })
    }

    /// The next token of the same session.
    pub(crate) fn next(&self) -> Result<Self, StoreError> {
        Self::new(self.tenant.clone(), self.user, self.session)
    }

    pub(crate) fn tenant(&self) -> &Slug {
        &self.tenant
    }

    pub(crate) fn user(&self) -> UserId {
        self.user
    }

    pub(crate) fn session(&self) -> SessionId {
        self.session
    }

    /// The stored form of the secret. A fast hash suffices, since 256 random bits cannot be guessed.
    pub(crate) fn digest(&self) -> String {
        hex(&Sha256::digest(self.secret))
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RefreshToken(…)")
    }
}

impl FromStr for RefreshToken {
    type Err = NoRefreshToken;

    fn from_str(text: &str) -> Result<Self, NoRefreshToken> {
        let parse = || {
            let mut parts = text.splitn(4, '.');
            let (tenant, user, session) = (parts.next()?, parts.next()?, parts.next()?);
            let secret = BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
            Some(Self {
                tenant: tenant.to_owned().try_into().ok()?,
                user: user.parse().ok()?,
                session: session.parse().ok()?,
                secret: secret.try_into().ok()?,
            })
        };
        parse().ok_or(NoRefreshToken)
    }
}

impl Serialize for RefreshToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { tenant, user, session, secret } = self;
        let secret = BASE64_URL_SAFE_NO_PAD.encode(secret);
        serializer.collect_str(&format_args!("{}.{user}.{session}.{secret}", tenant.as_str()))
    }
}

impl<'de> Deserialize<'de> for RefreshToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for RefreshToken {
    fn schema_name() -> Cow<'static, str> {
        "RefreshToken".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        const ID: &str = "0199c0de5a7f7cc0b5a58d0a3b8a1c2d";
        json_schema!({
            "type": "string",
            "description": "Opaque, and valid for one refresh.",
            // The last of 43 characters holds only four bits of the secret.
            "pattern": r"^[a-z][a-z0-9-]{2,39}\.usr_[0-9a-f]{32}\.ses_[0-9a-f]{32}\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$",
            "examples": [format!("acme.usr_{ID}.ses_{ID}.{}", "A".repeat(43))],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_id;

    fn token() -> RefreshToken {
        let tenant = Slug::try_from("acme".to_owned()).unwrap();
        let user = new_id(UserId::from_uuid);
        RefreshToken::new(tenant, user, new_id(SessionId::from_uuid)).unwrap()
    }

    fn text(token: &RefreshToken) -> String {
        serde_json::to_value(token).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn a_token_reads_back_and_the_next_one_is_another() {
        let token = token();
        let same: RefreshToken = text(&token).parse().unwrap();
        assert_eq!((&same.tenant, same.user, same.session), (&token.tenant, token.user, token.session));
        assert_eq!(same.digest(), token.digest());
        let next = token.next().unwrap();
        assert_eq!((&next.tenant, next.user, next.session), (&token.tenant, token.user, token.session));
        assert_ne!(next.digest(), token.digest());
        assert_eq!(format!("{token:?}"), "RefreshToken(…)");
    }

    #[test]
    fn a_token_has_one_spelling() {
        let good = text(&token());
        let (names, secret) = good.rsplit_once('.').unwrap();
        let (tenant, rest) = names.split_once('.').unwrap();
        for refused in [
            String::new(),
            names.to_owned(),
            format!("{names}."),
            format!("{good}="),
            format!("{good}."),
            format!("{good} "),
            format!("{names}.{}", &secret[1..]),
            format!("{names}.A{secret}"),
            // The last character has bits beyond the secret's 256.
            format!("{names}.{}B", &secret[..42]),
            format!("{names}.{}", "+".repeat(43)),
            format!("{rest}.{tenant}.{secret}"),
            good.to_uppercase(),
        ] {
            assert!(refused.parse::<RefreshToken>().is_err(), "{refused}");
        }
    }
}
