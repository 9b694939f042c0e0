//! Receipts of operators' commands. They lie in the registry's table: a command of an operator may belong to no
//! tenant yet.

use std::fmt;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use domain::operator::OperatorPrincipal;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::idempotency::{EXPIRES_AT, expiry};
use super::keys::{DOCUMENT, PK, SK};
use super::{Condition, Conflict, IdempotencyLookup, IdempotentRequest, Receipt, Row, StoreError, Write};
use crate::aws::{dynamodb, with_endpoint};
use crate::config::{ConfigError, required};
use crate::hex::hex;

/// An operator in the keys of receipts: the SHA-256 of the principal's ARN, which may hold a person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OperatorDigest(String);

impl OperatorDigest {
    pub(crate) fn of(principal: &OperatorPrincipal) -> Self {
        Self(hex(&Sha256::digest(principal.as_str())))
    }
}

impl fmt::Display for OperatorDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The write of a receipt into the registry, to be committed with the command's effect.
pub(super) fn receipt(
    registry_table: &str,
    receipt: &Receipt<OperatorDigest>,
    at: Timestamp,
) -> Result<Write, StoreError> {
    let request = &receipt.request;
    let document = serde_json::to_string(&receipt.record()).map_err(StoreError::corrupt)?;
    let (condition, conflict) = (Condition::absent_or_expired_at(at), Conflict::IdempotencyKey);
    let write = Write::new(registry_table, partition(request), &request.sort_key(), condition, conflict);
    Ok(write.own_text(DOCUMENT, document).number(EXPIRES_AT, expiry(at)))
}

/// Reads receipts of operators' commands.
pub(crate) struct OperatorReceipts {
    client: Client,
    table: String,
}

impl OperatorReceipts {
    pub(crate) fn open(shared: &SdkConfig) -> Result<Self, ConfigError> {
        let client = dynamodb(&with_endpoint(shared, "AWS_ENDPOINT_URL_DYNAMODB"));
        Ok(Self { client, table: required("REGISTRY_TABLE")? })
    }

    pub(crate) async fn look_up(
        &self,
        request: &IdempotentRequest<OperatorDigest>,
        now: Timestamp,
    ) -> Result<IdempotencyLookup, StoreError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PK, AttributeValue::S(partition(request)))
            .key(SK, AttributeValue::S(request.sort_key().as_str().to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::from_sdk)?;
        request.compare(answer.item.map(Row::new).as_ref(), now)
    }
}

fn partition(request: &IdempotentRequest<OperatorDigest>) -> String {
    format!("receipt#{}", request.caller)
}
