//! Answers of commands, kept for a day beside their effects, by the key that the client chose.

use std::collections::BTreeMap;

use domain::id::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::passwords::{self, HashError};
use crate::stores::keys::Partition;
use crate::stores::scope::{number, stored};
use crate::stores::write::{Condition, Write};
use crate::stores::{Conflict, Scope, StoreError, Version};
use crate::tenancy::hex;

const KEPT_SECONDS: i64 = 24 * 60 * 60;
const EXPIRES_AT: &str = "expiresAt";

/// The value of an `Idempotency-Key` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(String);

impl IdempotencyKey {
    pub(crate) fn parse(value: &[u8]) -> Result<Self, &'static str> {
        match std::str::from_utf8(value) {
            // API Gateway joins a header that was sent twice with a comma.
            Ok(text)
                if (1..=64).contains(&text.len())
                    && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err("must be 1 to 64 visible ASCII characters without a comma, sent once"),
        }
    }
}

/// A request that carries a key: a key counts for one user and one route.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) key: IdempotencyKey,
    pub(crate) user: UserId,
    pub(crate) route: String,
    hash: String,
}

impl Request {
    pub(crate) fn new(
        key: IdempotencyKey,
        user: UserId,
        route: String,
        parameters: &str,
        body: &[u8],
    ) -> Self {
        let hash = Sha256::new().chain_update(parameters).chain_update([0]).chain_update(body).finalize();
        Self { key, user, route, hash: hex(&hash) }
    }

    /// For a body with a secret: a record that somebody reads lets no guess be tried faster than a password's hash.
    pub(crate) fn hardened(mut self) -> Result<Self, HashError> {
        let salt = Sha256::digest(format!("{} {} {}", self.user, self.route, self.key.0));
        self.hash = hex(&passwords::stretch(self.hash.as_bytes(), &salt)?);
        Ok(self)
    }

    /// Prefixed, so that no key looks like a commit's sort key to the relay.
    fn sort_key(&self) -> String {
        format!("k#{}", self.key.0)
    }

    fn partition(&self) -> Partition<'_> {
        Partition::Idempotency { user: self.user, route: &self.route }
    }
}

/// An answer as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredReply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// What a commit writes so that the request can be answered again.
#[derive(Debug)]
pub(crate) struct Receipt {
    pub(crate) request: Request,
    pub(crate) reply: StoredReply,
}

#[derive(Serialize, Deserialize)]
struct Record {
    hash: String,
    #[serde(flatten)]
    reply: StoredReply,
}

pub(crate) enum Earlier {
    None,
    SameRequest(StoredReply),
    OtherRequest,
}

impl Scope {
    pub(crate) async fn earlier(&self, request: &Request, now: Timestamp) -> Result<Earlier, StoreError> {
        let Some(item) = self.get(&request.partition(), &request.sort_key()).await? else {
            return Ok(Earlier::None);
        };
        // DynamoDB deletes expired items late, sometimes by days.
        if number::<i64>(&item, EXPIRES_AT)? < now.as_second() {
            return Ok(Earlier::None);
        }
        let record = stored::<Record>(&item)?.value;
        Ok(if record.hash == request.hash {
            Earlier::SameRequest(record.reply)
        } else {
            Earlier::OtherRequest
        })
    }

    pub(crate) fn receipt(&self, receipt: &Receipt, at: Timestamp) -> Result<Write, StoreError> {
        let Receipt { request, reply } = receipt;
        let record = Record { hash: request.hash.clone(), reply: reply.clone() };
        let write = self.write_state(
            &request.partition(),
            request.sort_key(),
            Condition::absent_or_expired_at(at),
            Conflict::IdempotencyKey,
            (Version::FIRST, &record),
        )?;
        Ok(write.number(EXPIRES_AT, at.as_second() + KEPT_SECONDS))
    }
}

#[cfg(test)]
mod tests {
    use super::IdempotencyKey;

    #[test]
    fn a_key_is_visible_ascii_of_bounded_length() {
        assert!(IdempotencyKey::parse(b"a").is_ok());
        assert!(IdempotencyKey::parse(&[b'x'; 64]).is_ok());
        for refused in [&b""[..], &[b'x'; 65], b"a b", b"a,b", "é".as_bytes(), b"\xff"] {
            assert!(IdempotencyKey::parse(refused).is_err());
        }
    }
}
