//! The name of a session in its access tokens.

use domain::id::SessionId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hex::hex;

const BYTES: usize = 16;

/// Names a session in its access tokens, which others may see, and in the mark of its end. It does not tell the
/// session's id: who knows that can end the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct SessionDigest(String);

impl SessionDigest {
    pub(crate) fn of(id: SessionId) -> Self {
        Self(hex(&Sha256::digest(id.to_string())[..BYTES]))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SessionDigest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        match text.len() == 2 * BYTES && text.bytes().all(is_hex) {
            true => Ok(Self(text)),
            false => Err("no digest of a session"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::new_id;

    #[test]
    fn it_reads_back_and_holds_nothing_of_the_id() {
        let id = new_id(SessionId::from_uuid);
        let digest = SessionDigest::of(id);
        assert_eq!(SessionDigest::try_from(digest.as_str().to_owned()), Ok(digest.clone()));
        assert!(!id.to_string().contains(digest.as_str()));
        for other in ["", "ses_", &digest.as_str()[1..], &digest.as_str().to_uppercase().replace('0', "G")] {
            assert!(SessionDigest::try_from(other.to_owned()).is_err(), "{other}");
        }
    }
}
