//! Idempotency keys: the reply of a command is committed with its effect and kept for a day, so that a
//! repetition of the request gets the same reply.

use std::collections::BTreeMap;
use std::fmt::Display;

use domain::Version;
use domain::id::UserId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::namespace::requests::IDEMPOTENCY;
use super::{
    Attribute, CommandContext, Condition, Conflict, Partition, Row, Scope, SortKey, StoreError, Write,
};
use crate::hex::hex;
use crate::slow_hash::{self, HashError};

const KEPT_SECONDS: i64 = 24 * 60 * 60;
pub(super) const EXPIRES_AT: Attribute = Attribute::new("expiresAt");

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

/// A request with an idempotency key. A key is valid for one caller and one route.
#[derive(Debug, Clone)]
pub(crate) struct IdempotentRequest<C = UserId> {
    key: IdempotencyKey,
    pub(super) caller: C,
    route: String,
    /// A hash of parameters and body, by which another request with the same key is recognised.
    hash: String,
}

impl<C: Display> IdempotentRequest<C> {
    pub(crate) fn new(key: IdempotencyKey, caller: C, route: String, parameters: &str, body: &[u8]) -> Self {
        let hash = Sha256::new().chain_update(parameters).chain_update([0]).chain_update(body).finalize();
        Self { key, caller, route, hash: hex(&hash) }
    }

    /// Stretches the hash, for a body with a secret: whoever reads the record cannot test guesses faster than
    /// with the hash of a password.
    pub(crate) fn hardened(mut self) -> Result<Self, HashError> {
        let salt = Sha256::digest(format!("{} {} {}", self.caller, self.route, self.key.0));
        self.hash = hex(&slow_hash::stretch(self.hash.as_bytes(), &salt)?);
        Ok(self)
    }

    /// The prefix keeps a key from looking like the sort key of a commit.
    pub(super) fn sort_key(&self) -> SortKey {
        SortKey::of(format_args!("k#{}#{}", self.route, self.key.0))
    }

    /// What the row at the request's key says, if there is one.
    pub(super) fn compare(&self, row: Option<&Row>, now: Timestamp) -> Result<IdempotencyLookup, StoreError> {
        let Some(row) = row else { return Ok(IdempotencyLookup::New) };
        // DynamoDB deletes expired items up to days late.
        if row.number::<i64>(EXPIRES_AT)? < now.as_second() {
            return Ok(IdempotencyLookup::New);
        }
        let record: Record = row.document()?;
        Ok(match record.hash == self.hash {
            true => IdempotencyLookup::Replay(record.reply),
            false => IdempotencyLookup::Mismatch,
        })
    }
}

impl IdempotentRequest {
    fn partition(&self) -> Partition {
        IDEMPOTENCY.of(self.caller)
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
pub(crate) struct Receipt<C = UserId> {
    pub(crate) request: IdempotentRequest<C>,
    pub(crate) reply: StoredReply,
}

impl<C> Receipt<C> {
    pub(super) fn record(&self) -> Record {
        Record { hash: self.request.hash.clone(), reply: self.reply.clone() }
    }
}

/// The second in which a receipt expires that is written now.
pub(super) fn expiry(now: Timestamp) -> i64 {
    now.as_second() + KEPT_SECONDS
}

#[derive(Serialize, Deserialize)]
pub(super) struct Record {
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
        let row = self.get(&request.partition(), &request.sort_key()).await?;
        request.compare(row.as_ref(), now)
    }

    /// The write of the command's receipt, to be committed with its effect. `None` if the request has no key.
    pub fn receipt_of(&self, context: &CommandContext) -> Result<Option<Write>, StoreError> {
        context.receipt.as_ref().map(|receipt| self.receipt(receipt, context.at)).transpose()
    }

    fn receipt(&self, receipt: &Receipt, at: Timestamp) -> Result<Write, StoreError> {
        let write = self.write_state(
            &receipt.request.partition(),
            receipt.request.sort_key(),
            Condition::absent_or_expired_at(at),
            Conflict::IdempotencyKey,
            (Version::FIRST, &receipt.record()),
        )?;
        Ok(write.number(EXPIRES_AT, expiry(at)))
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
