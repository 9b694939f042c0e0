//! Idempotency keys: the reply of a command is committed with its effect and kept for a day, so that a
//! repetition of the request gets the same reply.

use std::collections::BTreeMap;

use domain::Version;
use domain::id::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::namespace::requests::IDEMPOTENCY;
use super::{Attribute, CommandContext, Condition, Conflict, Partition, Scope, SortKey, StoreError, Write};
use crate::hex::hex;
use crate::slow_hash::{self, HashError};

const KEPT_SECONDS: i64 = 24 * 60 * 60;
const EXPIRES_AT: Attribute = Attribute::new("expiresAt");

/// The value of an `Idempotency-Key` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(String);

impl IdempotencyKey {
    pub(crate) fn parse(value: &[u8]) -> Result<Self, &'static str> {
        match std::str::from_utf8(value) {
            // API Gateway joins a repeated header with a comma.
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

/// A request with an idempotency key. A key is valid for one user and one route.
#[derive(Debug, Clone)]
pub(crate) struct IdempotentRequest {
    pub(crate) key: IdempotencyKey,
    pub(crate) user: UserId,
    pub(crate) route: String,
    /// A hash of parameters and body, by which another request with the same key is recognised.
    hash: String,
}

impl IdempotentRequest {
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

    /// Stretches the hash, for a body with a secret: whoever reads the record cannot test guesses faster than
    /// with the hash of a password.
    pub(crate) fn hardened(mut self) -> Result<Self, HashError> {
        let salt = Sha256::digest(format!("{} {} {}", self.user, self.route, self.key.0));
        self.hash = hex(&slow_hash::stretch(self.hash.as_bytes(), &salt)?);
        Ok(self)
    }

    /// The prefix keeps a key from looking like the sort key of a commit.
    fn sort_key(&self) -> SortKey {
        SortKey::of(format_args!("k#{}#{}", self.route, self.key.0))
    }

    fn partition(&self) -> Partition {
        IDEMPOTENCY.of(self.user)
    }
}

/// A reply as it was sent. For a reply with personal data, the body is the id of what it showed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredReply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// A request and its reply, which are committed for repetitions.
pub(crate) struct Receipt {
    pub(crate) request: IdempotentRequest,
    pub(crate) reply: StoredReply,
}

#[derive(Serialize, Deserialize)]
struct Record {
    hash: String,
    #[serde(flatten)]
    reply: StoredReply,
}

/// The result of looking up a request's key.
pub(crate) enum IdempotencyLookup {
    New,
    Replay(StoredReply),
    /// The key was used with another request.
    Mismatch,
}

impl Scope {
    pub(crate) async fn look_up(
        &self,
        request: &IdempotentRequest,
        now: Timestamp,
    ) -> Result<IdempotencyLookup, StoreError> {
        let Some(item) = self.get(&request.partition(), &request.sort_key()).await? else {
            return Ok(IdempotencyLookup::New);
        };
        // DynamoDB deletes expired items up to days late.
        if item.number::<i64>(EXPIRES_AT)? < now.as_second() {
            return Ok(IdempotencyLookup::New);
        }
        let record = item.state::<Record>()?.value;
        Ok(if record.hash == request.hash {
            IdempotencyLookup::Replay(record.reply)
        } else {
            IdempotencyLookup::Mismatch
        })
    }

    /// The write of the command's receipt, to be committed with its effect. `None` if the request has no key.
    pub fn receipt_of(&self, context: &CommandContext) -> Result<Option<Write>, StoreError> {
        context.receipt.as_ref().map(|receipt| self.receipt(receipt, context.at)).transpose()
    }

    fn receipt(&self, Receipt { request, reply }: &Receipt, at: Timestamp) -> Result<Write, StoreError> {
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
