//! Issues access tokens.

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::id::{SessionId, TenantId};
use domain::user::User;
use jiff::Timestamp;
use p256::ecdsa::Signature;
use serde_json::json;
use uuid::Uuid;

use crate::StartError;
use crate::accounts::tokens::{Claims, signing_key_ids};
use crate::aws::with_endpoint;
use crate::config::required;
use crate::table::StoreError;
use crate::tenancy::SessionDigest;

/// Signs access tokens by a key of KMS.
pub(crate) struct TokenIssuer {
    kms: aws_sdk_kms::Client,
    key_id: String,
    issuer: String,
}

impl TokenIssuer {
    pub(crate) fn open(shared: &aws_types::SdkConfig) -> Result<Self, StartError> {
        Ok(Self {
            kms: aws_sdk_kms::Client::new(&with_endpoint(shared, "AWS_ENDPOINT_URL_KMS")),
            key_id: signing_key_ids()?.swap_remove(0),
            issuer: required("TOKEN_ISSUER")?,
        })
    }

    /// The token is good for `lifetime` seconds.
    pub(crate) async fn issue(
        &self,
        (tenant, user): (TenantId, &User),
        session: SessionId,
        now: Timestamp,
        lifetime: i64,
    ) -> Result<String, StoreError> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: user.id,
            sid: SessionDigest::of(session),
            tid: tenant,
            role: (&user.roles).into(),
            pwd: user.valid_from,
            iat: now.as_second(),
            exp: now.as_second() + lifetime,
            jti: Uuid::new_v4().simple().to_string(),
        };
        let header = json!({"alg": "ES256", "kid": self.key_id, "typ": "JWT"}).to_string();
        let claims = serde_json::to_string(&claims).map_err(StoreError::corrupt)?;
        let input =
            format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(header), BASE64_URL_SAFE_NO_PAD.encode(claims));
        let signature = self.sign(&input).await?;
        Ok(format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes())))
    }

    /// KMS returns the signature in DER, which a JWS does not use: it has the two numbers one after the
    /// other.
    async fn sign(&self, input: &str) -> Result<Signature, StoreError> {
        let answer = self
            .kms
            .sign()
            .key_id(&self.key_id)
            .message(Blob::new(input))
            .message_type(MessageType::Raw)
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
            .send()
            .await
            .map_err(StoreError::from_sdk)?;
        let der = answer.signature.ok_or_else(|| StoreError::corrupt("KMS answered no signature"))?;
        Signature::from_der(der.as_ref()).map_err(StoreError::corrupt)
    }
}
