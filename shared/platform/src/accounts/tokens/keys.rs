//! The public keys of access tokens as a JWK Set (RFC 7517), for verifiers outside of this backend.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::OnceCell;

use crate::StartError;
use crate::accounts::tokens::fetch_public_key;
use crate::aws::{shared_config, with_endpoint};
use crate::config::required;
use crate::table::StoreError;

/// Reads the public key of KMS's signing key.
pub struct PublishedKeys {
    kms: aws_sdk_kms::Client,
    key_id: String,
    /// Fetched with the first request; a key never changes.
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
            key_id: required("SIGNING_KEY_ID")?,
            keys: OnceCell::new(),
        })
    }

    pub async fn keys(&self) -> Result<&KeySet, StoreError> {
        self.keys.get_or_try_init(|| self.fetch()).await
    }

    async fn fetch(&self) -> Result<KeySet, StoreError> {
        let point = fetch_public_key(&self.kms, &self.key_id).await.map_err(StoreError::Unavailable)?;
        // An uncompressed point is the byte 4, then x and y of 32 bytes each.
        let (x, y) = point
            .get(1..)
            .filter(|rest| rest.len() == 64)
            .map(|rest| rest.split_at(32))
            .ok_or_else(|| StoreError::corrupt("the signing key is not a point of P-256"))?;
        let [x, y] = [x, y].map(|coordinate| BASE64_URL_SAFE_NO_PAD.encode(coordinate));
        let kid = self.key_id.clone();
        Ok(KeySet { keys: vec![Jwk { kty: "EC", crv: "P-256", x, y, kid, r#use: "sig", alg: "ES256" }] })
    }
}
