use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::stack::{KEY_ID, stack};
use crate::support::Cloud;

fn bytes(answer: &Value, field: &str) -> Vec<u8> {
    STANDARD.decode(answer[field].as_str().unwrap()).unwrap()
}

fn sign(message: &[u8], kind: &str) -> Value {
    json!({
        "KeyId": KEY_ID, "Message": STANDARD.encode(message), "MessageType": kind, "SigningAlgorithm": "ECDSA_SHA_256",
    })
}

#[tokio::test]
async fn signatures_of_messages_and_digests_verify_with_the_public_key() {
    let cloud = Cloud::start(stack()).await;
    let answer = cloud.call("TrentService.GetPublicKey", json!({"KeyId": KEY_ID})).await;
    let key = VerifyingKey::from_public_key_der(&bytes(&answer, "PublicKey")).unwrap();
    let message = b"header.payload";
    for request in [sign(message, "RAW"), sign(&Sha256::digest(message), "DIGEST")] {
        let answer = cloud.call("TrentService.Sign", request).await;
        let signature = DerSignature::from_bytes(&bytes(&answer, "Signature")).unwrap();
        key.verify(message, &signature).unwrap();
        assert!(answer["KeyId"].as_str().unwrap().starts_with("arn:aws:kms:"));
    }
}

#[tokio::test]
async fn what_kms_would_refuse_is_refused() {
    let cloud = Cloud::start(stack()).await;
    let mut foreign = sign(b"m", "RAW");
    foreign["KeyId"] = json!("other");
    let mut other_algorithm = sign(b"m", "RAW");
    other_algorithm["SigningAlgorithm"] = json!("RSASSA_PSS_SHA_256");
    let mut dry = sign(b"m", "RAW");
    dry["DryRun"] = json!(true);
    for (request, code) in [
        (dry, "SerializationException"),
        (foreign, "NotFoundException"),
        (other_algorithm, "ValidationException"),
        (sign(b"short", "DIGEST"), "ValidationException"),
        (sign(&[0; 4097], "RAW"), "ValidationException"),
    ] {
        let (status, answer) = cloud.try_call("TrentService.Sign", request).await;
        assert_eq!((status, &answer["__type"]), (400, &json!(code)));
    }
}
