//! Tokens that are signed with any key in any way.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as BASE64};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use ring::hmac;
use serde_json::Value;
use tests::World;

/// The header and the claims of a token, as texts.
#[derive(Clone)]
pub(super) struct Forgery {
    pub(super) header: String,
    pub(super) claims: String,
}

impl Forgery {
    /// Those of a real token.
    pub(super) fn of(token: &str) -> Forgery {
        let mut parts = token.split('.').map(|part| String::from_utf8_lossy(&decoded(part)).into_owned());
        Forgery { header: parts.next().unwrap(), claims: parts.next().unwrap() }
    }

    /// With this member of the header; null removes it.
    pub(super) fn header(self, name: &str, value: Value) -> Forgery {
        Forgery { header: changed(&self.header, name, value), ..self }
    }

    pub(super) fn claim(self, name: &str, value: Value) -> Forgery {
        Forgery { claims: changed(&self.claims, name, value), ..self }
    }

    pub(super) fn input(&self) -> String {
        format!("{}.{}", BASE64.encode(&self.header), BASE64.encode(&self.claims))
    }

    pub(super) fn with(&self, signature: &[u8]) -> String {
        format!("{}.{}", self.input(), BASE64.encode(signature))
    }

    pub(super) fn signed_by(&self, key: &SigningKey) -> String {
        let signature: Signature = key.sign(self.input().as_bytes());
        self.with(&signature.to_bytes())
    }

    pub(super) fn keyed_with(&self, secret: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        self.with(hmac::sign(&key, self.input().as_bytes()).as_ref())
    }

    /// By a key of the stack, which only its own functions can ask to sign.
    pub(super) fn signed(&self, world: &World, key_id: &str) -> String {
        let der = world.signature_by(key_id, &BASE64_STANDARD.encode(self.input()));
        let signature = Signature::from_der(&BASE64_STANDARD.decode(der).unwrap()).unwrap();
        self.with(&signature.to_bytes())
    }
}

pub(super) fn decoded(part: &str) -> Vec<u8> {
    BASE64.decode(part).unwrap()
}

fn changed(object: &str, name: &str, value: Value) -> String {
    let mut object: Value = serde_json::from_str(object).unwrap();
    let members = object.as_object_mut().unwrap();
    match value {
        Value::Null => members.remove(name),
        value => members.insert(name.to_owned(), value),
    };
    object.to_string()
}

/// In seconds since the Unix epoch.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
