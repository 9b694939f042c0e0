//! The name of a session where others may see it.

use std::borrow::Cow;
use std::fmt;

use domain::id::SessionId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const DIGITS: usize = 32;

/// Names a session in its access tokens, which others may see, in the mark of its end, and in lists of sessions. It does
/// not tell the session's id: who knows that can end the session. Who knows this one needs an access token of the user
/// besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SessionDigest(u128);

impl SessionDigest {
    pub(crate) fn of(id: SessionId) -> Self {
        let hash: [u8; 32] = Sha256::digest(id.to_string()).into();
        Self(hash[..DIGITS / 2].iter().fold(0, |digest, byte| (digest << 8) | u128::from(*byte)))
    }
}

impl fmt::Display for SessionDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl Serialize for SessionDigest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl TryFrom<String> for SessionDigest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_digest = text.len() == DIGITS && text.bytes().all(is_hex);
        let digest = is_digest.then(|| u128::from_str_radix(&text, 16).ok()).flatten();
        digest.map(Self).ok_or("must be the id of a session, as the list of sessions shows it")
    }
}

impl JsonSchema for SessionDigest {
    fn schema_name() -> Cow<'static, str> {
        "SessionDigest".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "The id of a session. Access tokens of the session have it as their `sid`.",
            "pattern": "^[0-9a-f]{32}$",
            "examples": ["0199c0de5a7f7cc0b5a58d0a3b8a1c2d"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::hex;
    use crate::new_id;

    #[test]
    fn it_reads_back_and_holds_nothing_of_the_id() {
        let id = new_id(SessionId::from_uuid);
        let digest = SessionDigest::of(id);
        let text = digest.to_string();
        assert_eq!(text, hex(&Sha256::digest(id.to_string())[..16]));
        assert_eq!(SessionDigest::try_from(text.clone()), Ok(digest));
        assert_eq!(SessionDigest(1).to_string().len(), DIGITS);
        assert!(!id.to_string().contains(&text));
        let capitals = text.to_uppercase().replace('0', "G");
        for other in ["", "ses_", &text[1..], &capitals, "+0000000000000000000000000000001"] {
            assert!(SessionDigest::try_from(other.to_owned()).is_err(), "{other}");
        }
    }
}
