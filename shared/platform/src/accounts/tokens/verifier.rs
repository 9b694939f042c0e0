//! Verifies access tokens.

use std::collections::HashMap;

use futures::future::try_join_all;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::pkcs8::DecodePublicKey;

use crate::StartError;
use crate::accounts::tokens::{Claims, es256, signing_key_ids};
use crate::aws::explain;
use crate::config::required;

/// How far the clock of whoever signed may be ahead.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// Verifies access tokens with the public keys, which are fetched from KMS at start-up.
pub(crate) struct TokenVerifier {
    /// By key id.
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
}

/// Why a token is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the token was signed with another key")]
    UnknownKey,
    #[error("the token was issued in the future")]
    OfTheFuture,
    #[error("{0}")]
    Invalid(#[from] jsonwebtoken::errors::Error),
}

impl TokenVerifier {
    pub(crate) async fn open(kms: &aws_sdk_kms::Client) -> Result<Self, StartError> {
        let fetched = signing_key_ids()?.into_iter().map(|id| async {
            let point = fetch_public_key(kms, &id).await.map_err(StartError::Dependency)?;
            Ok::<_, StartError>((id, point))
        });
        Ok(Self::new(try_join_all(fetched).await?, &required("TOKEN_ISSUER")?))
    }

    /// `points` are the public keys by their ids, as uncompressed points.
    fn new(points: Vec<(String, Vec<u8>)>, issuer: &str) -> Self {
        // This fails when the process has installed it before.
        let _ = es256::PROVIDER.install_default();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.leeway = 0;
        validation.validate_nbf = true;
        // RFC 7519: a token is over on its expiry, and not one second later.
        validation.reject_tokens_expiring_in_less_than = 1;
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let keys = points.into_iter().map(|(id, point)| (id, DecodingKey::from_ec_der(&point))).collect();
        Self { keys, validation }
    }

    pub(crate) fn verify(&self, token: &str) -> Result<Claims, Refusal> {
        let header = jsonwebtoken::decode_header(token)?;
        let key = header.kid.and_then(|kid| self.keys.get(&kid)).ok_or(Refusal::UnknownKey)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &self.validation)?.claims;
        match claims.iat > Timestamp::now().as_second() + CLOCK_SKEW_SECONDS {
            true => Err(Refusal::OfTheFuture),
            false => Ok(claims),
        }
    }
}

/// The public key as an uncompressed point of SEC 1.
pub(crate) async fn fetch_public_key(kms: &aws_sdk_kms::Client, key_id: &str) -> Result<Vec<u8>, String> {
    let answer = kms.get_public_key().key_id(key_id).send().await.map_err(explain)?;
    let der = answer.public_key.ok_or("KMS answered no public key")?;
    let key = p256::PublicKey::from_public_key_der(der.as_ref()).map_err(|error| error.to_string())?;
    Ok(key.to_sec1_point(false).as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use p256::ecdsa::signature::Signer;
    use p256::ecdsa::{Signature, SigningKey};
    use serde_json::{Value, json};

    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_slice(&[seed; 32]).unwrap()
    }

    /// The key of seed 3 is one that signed before.
    fn verifier() -> TokenVerifier {
        let point = |seed| key(seed).verifying_key().to_sec1_point(false).as_bytes().to_vec();
        TokenVerifier::new(vec![("key-1".into(), point(1)), ("key-3".into(), point(3))], "terrace")
    }

    fn token(key: &SigningKey, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", encode(header), encode(claims));
        let signature: Signature = key.sign(input.as_bytes());
        format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn header() -> Value {
        json!({"alg": "ES256", "kid": "key-1", "typ": "JWT"})
    }

    fn claims() -> Value {
        let now = Timestamp::now().as_second();
        json!({
            "iss": "terrace", "aud": "terrace", "jti": "1", "role": "member", "pwd": "2026-03-04T05:06:07.089Z", "iat": now, "exp": now + 60,
            "sub": "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "sid": "0190b5b4a3b27c10b5a58d0a3b8a1c2d", "tid": "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d",
        })
    }

    #[test]
    fn a_good_token_is_accepted() {
        assert!(verifier().verify(&token(&key(1), &header(), &claims())).is_ok());
    }

    #[test]
    fn a_key_that_signed_before_still_verifies_its_own_tokens() {
        let older = json!({"alg": "ES256", "kid": "key-3", "typ": "JWT"});
        assert!(verifier().verify(&token(&key(3), &older, &claims())).is_ok());
        assert!(verifier().verify(&token(&key(1), &older, &claims())).is_err());
        assert!(verifier().verify(&token(&key(3), &header(), &claims())).is_err());
    }

    #[test]
    fn forged_foreign_and_expired_tokens_are_refused() {
        let with = |name: &str, value: Value| {
            let mut claims = claims();
            claims[name] = value;
            token(&key(1), &header(), &claims)
        };
        let good = token(&key(1), &header(), &claims());
        let (signed, signature) = good.rsplit_once('.').unwrap();
        let unsigned = token(&key(1), &json!({"alg": "none", "kid": "key-1"}), &claims());
        let hmac = token(&key(1), &json!({"alg": "HS256", "kid": "key-1"}), &claims());
        let other_kid = token(&key(1), &json!({"alg": "ES256", "kid": "key-2"}), &claims());
        for refused in [
            token(&key(2), &header(), &claims()),
            unsigned,
            hmac,
            other_kid,
            with("exp", json!(Timestamp::now().as_second())),
            with("iss", json!("another")),
            with("aud", json!("another")),
            with("role", json!("owner")),
            with("tid", json!("ten_x")),
            with("exp", Value::Null),
            with("nbf", json!(Timestamp::now().as_second() + 5)),
            with("iat", json!(Timestamp::now().as_second() + CLOCK_SKEW_SECONDS + 5)),
            format!("{signed}."),
            format!("{signed}.{}", &signature[..20]),
            "garbage".into(),
            String::new(),
        ] {
            assert!(verifier().verify(&refused).is_err(), "{refused}");
        }
    }
}
