//! Signing keys, derived from a secret for a day, a region and a service.

use std::sync::{Mutex, PoisonError};

use ring::hmac;

use super::TERMINATOR;

/// The keys that were derived from one secret, since a session signs many requests with few keys.
#[derive(Default)]
pub(crate) struct SigningKeys(Mutex<Vec<Derived>>);

/// A session that is assumed lasts for an hour, so it has two days at most, and calls six services in one region.
const KEPT: usize = 12;

struct Derived {
    scope: String,
    key: hmac::Key,
}

/// A secret access key, with what was derived from it before.
#[derive(Clone, Copy)]
pub(crate) struct Secret<'a> {
    pub(crate) key: &'a str,
    pub(crate) derived: &'a SigningKeys,
}

impl Secret<'_> {
    /// The parts must have been checked before: what is derived is kept.
    pub(super) fn signing_key(&self, date: &str, region: &str, service: &str) -> hmac::Key {
        let scope = [date, region, service].join("/");
        let mut derived = self.derived.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = derived.iter().find(|known| known.scope == scope) {
            return known.key.clone();
        }
        let key = derive(self.key, [date, region, service, TERMINATOR]);
        if derived.len() == KEPT {
            derived.remove(0);
        }
        derived.push(Derived { scope, key: key.clone() });
        key
    }
}

pub(super) fn derive(secret: &str, parts: [&str; 4]) -> hmac::Key {
    let key = |bytes: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, bytes);
    let first = key(format!("AWS4{secret}").as_bytes());
    parts.into_iter().fold(first, |last, part| key(hmac::sign(&last, part.as_bytes()).as_ref()))
}

/// The keys are as good as the secret, and do not show.
impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SigningKeys").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(secret: Secret<'_>, date: &str, region: &str, service: &str) -> Vec<u8> {
        hmac::sign(&secret.signing_key(date, region, service), b"message").as_ref().to_vec()
    }

    #[test]
    fn a_kept_key_is_that_of_its_own_day_region_and_service() {
        let derived = SigningKeys::default();
        let kept = Secret { key: "secret", derived: &derived };
        let scopes = [("1", "a", "x"), ("2", "a", "x"), ("1", "b", "x"), ("1", "a", "y")];
        for (date, region, service) in [scopes, scopes].concat() {
            let expected = hmac::sign(&derive("secret", [date, region, service, TERMINATOR]), b"message");
            assert_eq!(signed(kept, date, region, service), expected.as_ref(), "{date} {region} {service}");
        }
    }

    #[test]
    fn only_so_many_keys_are_kept() {
        let derived = SigningKeys::default();
        let secret = Secret { key: "secret", derived: &derived };
        for day in 0..KEPT * 2 {
            secret.signing_key(&day.to_string(), "region", "service");
        }
        assert_eq!(derived.0.lock().unwrap().len(), KEPT);
    }
}
