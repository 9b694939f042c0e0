//! Tokens of links, which name a link and prove it by a secret.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::id::{LinkId, UserId};
use domain::text::Slug;
use ring::rand::{SecureRandom, SystemRandom};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::table::StoreError;

/// The token of a link. The tenant, the user and the link are claims until the secret has been compared with the
/// stored one's.
#[derive(Clone)]
pub struct LinkToken {
    tenant: Slug,
    user: UserId,
    link: LinkId,
    secret: [u8; 32],
}

/// A token that is no link's, or not a good one's: clients are told the same of both.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the token of a link that is still good; ask for a new link")]
pub struct NoGoodLink;

impl LinkToken {
    pub(super) fn new(tenant: Slug, user: UserId, link: LinkId) -> Result<Self, StoreError> {
        let mut secret = [0; 32];
        let filled = SystemRandom::new().fill(&mut secret);
        filled.map_err(|_| StoreError::Unavailable("the system gives no random bytes".to_owned()))?;
        Ok(Self { tenant, user, link, secret })
    }

    pub(super) fn tenant(&self) -> &Slug {
        &self.tenant
    }

    pub(super) fn user(&self) -> UserId {
        self.user
    }

    pub(super) fn link(&self) -> LinkId {
        self.link
    }

    /// The stored form of the secret. A fast hash suffices, since 256 random bits cannot be guessed.
    pub(super) fn digest(&self) -> String {
        hex(&Sha256::digest(self.secret))
    }

    /// The token itself, for the mail to its user and for nothing else.
    pub(super) fn expose(&self) -> String {
        let Self { tenant, user, link, secret } = self;
        format!("{}.{user}.{link}.{}", tenant.as_str(), BASE64_URL_SAFE_NO_PAD.encode(secret))
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LinkToken(…)")
    }
}

impl FromStr for LinkToken {
    type Err = NoGoodLink;

    fn from_str(text: &str) -> Result<Self, NoGoodLink> {
        let parse = || {
            let mut parts = text.splitn(4, '.');
            let (tenant, user, link) = (parts.next()?, parts.next()?, parts.next()?);
            let secret = BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
            Some(Self {
                tenant: tenant.to_owned().try_into().ok()?,
                user: user.parse().ok()?,
                link: link.parse().ok()?,
                secret: secret.try_into().ok()?,
            })
        };
        parse().ok_or(NoGoodLink)
    }
}

impl<'de> Deserialize<'de> for LinkToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for LinkToken {
    fn schema_name() -> Cow<'static, str> {
        "LinkToken".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        const ID: &str = "0199c0de5a7f7cc0b5a58d0a3b8a1c2d";
        json_schema!({
            "type": "string",
            "description": "What follows the # in a mailed link. Opaque, and good once.",
            // The last of 43 characters holds only four bits of the secret.
            "pattern": r"^[a-z][a-z0-9-]{2,39}\.usr_[0-9a-f]{32}\.lnk_[0-9a-f]{32}\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$",
            "examples": [format!("acme.usr_{ID}.lnk_{ID}.{}", "A".repeat(43))],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_id;

    fn token() -> LinkToken {
        let tenant = Slug::try_from("acme".to_owned()).unwrap();
        LinkToken::new(tenant, new_id(UserId::from_uuid), new_id(LinkId::from_uuid)).unwrap()
    }

    #[test]
    fn a_token_reads_back_and_shows_nowhere() {
        let token = token();
        let same: LinkToken = token.expose().parse().unwrap();
        assert_eq!((&same.tenant, same.user, same.link), (&token.tenant, token.user, token.link));
        assert_eq!(same.digest(), token.digest());
        assert_eq!(format!("{token:?}"), "LinkToken(…)");
    }

    #[test]
    fn a_token_has_one_spelling() {
        let good = token().expose();
        let (names, secret) = good.rsplit_once('.').unwrap();
        for refused in [
            String::new(),
            names.to_owned(),
            format!("{good}="),
            format!("{good} "),
            good[..good.len() - 1].to_owned(),
            format!("{names}.A{secret}"),
            // The last character has bits beyond the secret's 256.
            format!("{names}.{}B", &secret[..42]),
            good.replace(".lnk_", ".ses_"),
            good.to_uppercase(),
        ] {
            assert_eq!(refused.parse::<LinkToken>().err(), Some(NoGoodLink), "{refused}");
        }
    }
}
