//! The public keys of access tokens as a JWK Set (RFC 7517), for verifiers outside of this backend.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures::future::try_join_all;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::OnceCell;

use crate::StartError;
use crate::accounts::tokens::{fetch_public_key, signing_key_ids};
use crate::aws::{shared_config, with_endpoint};
use crate::table::StoreError;

/// Reads the public keys of KMS's signing keys.
pub struct PublishedKeys {
    kms: aws_sdk_kms::Client,
    key_ids: Vec<String>,
    /// Fetched with the first request; keys never change.
    keys: OnceCell<KeySet>,
}

/// A JWK Set of RFC 7517.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct KeySet {
    keys: Vec<Jwk>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Jwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
    y: String,
    kid: String,
    r#use: &'static str,
    alg: &'static str,
}

impl PublishedKeys {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self {
            kms: aws_sdk_kms::Client::new(&with_endpoint(&shared_config()?, "AWS_ENDPOINT_URL_KMS")),
            key_ids: signing_key_ids()?,
            keys: OnceCell::new(),
        })
    }

    pub async fn keys(&self) -> Result<&KeySet, StoreError> {
        self.keys.get_or_try_init(|| self.fetch()).await
    }

    async fn fetch(&self) -> Result<KeySet, StoreError> {
        let keys = try_join_all(self.key_ids.iter().map(|id| self.fetch_one(id))).await?;
        Ok(KeySet { keys })
    }

    async fn fetch_one(&self, key_id: &str) -> Result<Jwk, StoreError> {
        let point = fetch_public_key(&self.kms, key_id).await.map_err(StoreError::Unavailable)?;
        // An uncompressed point is the byte 4, then x and y of 32 bytes each.
        let (x, y) = point
            .get(1..)
            .filter(|rest| rest.len() == 64)
            .map(|rest| rest.split_at(32))
            .ok_or_else(|| StoreError::corrupt("the signing key is not a point of P-256"))?;
        let [x, y] = [x, y].map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
        let kid = key_id.to_owned();
        Ok(Jwk { kty: "EC", crv: "P-256", x, y, kid, r#use: "sig", alg: "ES256" })
    }
}
