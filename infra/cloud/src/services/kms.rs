//! KMS: P-256 signing keys, which are generated once and stored.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::elliptic_curve::Generate;
use p256::pkcs8::EncodePublicKey;
use rusqlite::{OptionalExtension, Transaction, params};
use serde::Deserialize;
use serde_json::{Value, json};

use super::database::Database;
use super::failure::Failure;
use crate::model;

const ALGORITHM: &str = "ECDSA_SHA_256";
const MAX_RAW_MESSAGE: usize = 4096;
const DIGEST_LENGTH: usize = 32;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{0}")]
    Database(#[from] rusqlite::Error),
    #[error("the stored key {0} is damaged")]
    Damaged(String),
}

pub(crate) struct Keys {
    /// Each key is listed by its id and by its ARN.
    keys: HashMap<String, Key>,
}

#[derive(Clone)]
struct Key {
    arn: String,
    signing: SigningKey,
    public_der: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SignRequest {
    key_id: String,
    message: String,
    message_type: Option<String>,
    signing_algorithm: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetPublicKeyRequest {
    key_id: String,
}

impl Keys {
    pub(crate) fn open(database: &Database, declared: &[model::SigningKey]) -> Result<Keys, KeyError> {
        let mut keys = HashMap::new();
        for key in declared {
            let secret = database.transaction_now(|transaction| secret(transaction, &key.key_id))?;
            let damaged = || KeyError::Damaged(key.key_id.clone());
            let signing = SigningKey::from_slice(&secret).map_err(|_| damaged())?;
            let public_der = signing.verifying_key().to_public_key_der().map_err(|_| damaged())?.into_vec();
            let opened = Key { arn: key.arn.clone(), signing, public_der };
            keys.insert(key.arn.clone(), opened.clone());
            keys.insert(key.key_id.clone(), opened);
        }
        Ok(Keys { keys })
    }

    pub(crate) fn call(&self, action: &str, body: &[u8]) -> Result<Value, Failure> {
        match action {
            "Sign" => self.sign(&serde_json::from_slice(body).map_err(|error| Failure::unreadable(&error))?),
            "GetPublicKey" => {
                self.public_key(&serde_json::from_slice(body).map_err(|error| Failure::unreadable(&error))?)
            }
            _ => {
                Err(Failure::refused("UnknownOperationException", format!("kms:{action} is not served here")))
            }
        }
    }

    fn sign(&self, request: &SignRequest) -> Result<Value, Failure> {
        let key = self.find(&request.key_id)?;
        if request.signing_algorithm != ALGORITHM {
            return Err(invalid(format!("the key signs with {ALGORITHM} alone")));
        }
        let message = STANDARD.decode(&request.message).map_err(|_| invalid("Message is not Base64"))?;
        let signature: DerSignature = match request.message_type.as_deref().unwrap_or("RAW") {
            "RAW" if (1..=MAX_RAW_MESSAGE).contains(&message.len()) => key.signing.sign(&message),
            "RAW" => {
                return Err(invalid(format!("Message must have 1 to {MAX_RAW_MESSAGE} bytes")));
            }
            "DIGEST" if message.len() == DIGEST_LENGTH => {
                key.signing.sign_prehash(&message).map_err(|error| Failure::internal(error.to_string()))?
            }
            "DIGEST" => {
                return Err(invalid(format!("Digest is invalid length for algorithm {ALGORITHM}")));
            }
            other => return Err(invalid(format!("MessageType {other} is not served here"))),
        };
        Ok(json!({
            "KeyId": key.arn,
            "Signature": STANDARD.encode(signature.as_bytes()),
            "SigningAlgorithm": ALGORITHM,
        }))
    }

    fn public_key(&self, request: &GetPublicKeyRequest) -> Result<Value, Failure> {
        let key = self.find(&request.key_id)?;
        Ok(json!({
            "KeyId": key.arn,
            "CustomerMasterKeySpec": "ECC_NIST_P256",
            "KeySpec": "ECC_NIST_P256",
            "KeyUsage": "SIGN_VERIFY",
            "PublicKey": STANDARD.encode(&key.public_der),
            "SigningAlgorithms": [ALGORITHM],
        }))
    }

    fn find(&self, key_id: &str) -> Result<&Key, Failure> {
        self.keys
            .get(key_id)
            .ok_or_else(|| Failure::refused("NotFoundException", format!("Key '{key_id}' does not exist")))
    }
}

fn secret(transaction: &Transaction<'_>, key_id: &str) -> rusqlite::Result<Vec<u8>> {
    let stored = transaction
        .query_row("SELECT secret FROM signing_keys WHERE key_id = ?1", [key_id], |row| row.get(0))
        .optional()?;
    if let Some(secret) = stored {
        return Ok(secret);
    }
    let secret = SigningKey::generate().to_bytes().to_vec();
    transaction
        .execute("INSERT INTO signing_keys (key_id, secret) VALUES (?1, ?2)", params![key_id, secret])?;
    Ok(secret)
}

fn invalid(message: impl Into<String>) -> Failure {
    Failure::refused("ValidationException", message)
}
