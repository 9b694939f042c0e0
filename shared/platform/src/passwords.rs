//! Passwords as argon2id hashes, and the one verification that every log-in does.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::text::Password;
use std::fmt;

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash of no known password, in the parameters of all others: verified where no user is found.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dGVycmFjZS1ub2JvZHktMDE$UDTJDd3n0n0WvVwPdLCVOqSjFyJvT9dwgEdjYlwc0SA";

/// A password's hash in PHC form.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn stored(&self) -> &str {
        &self.0
    }

    /// What is no such hash verifies no password.
    pub(crate) fn from_stored(phc: String) -> Self {
        Self(phc)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(argon2::password_hash::Error);

pub fn hash(password: &Password) -> Result<PasswordHash, HashError> {
    let hash = argon2().map_err(HashError)?.hash_password(password.expose().as_bytes()).map_err(HashError)?;
    Ok(PasswordHash(hash.to_string()))
}

/// Verifies exactly once, whether a hash is known or not, so that the time tells nothing.
pub fn verify(known: Option<&PasswordHash>, password: &Password) -> bool {
    verify_with(known, |hash| matches(hash, password))
}

fn verify_with(known: Option<&PasswordHash>, verification: impl FnOnce(&str) -> bool) -> bool {
    let hash = known.map_or(NOBODY, |hash| &hash.0);
    verification(hash) & known.is_some()
}

fn matches(hash: &str, password: &Password) -> bool {
    match (argon2(), Phc::new(hash)) {
        (Ok(argon2), Ok(hash)) => argon2.verify_password(password.expose().as_bytes(), &hash).is_ok(),
        _ => false,
    }
}

/// A key made from a secret, as slowly as a password's hash.
pub(crate) fn stretch(secret: &[u8], salt: &[u8]) -> Result<[u8; 32], HashError> {
    let mut key = [0; 32];
    let argon2 = argon2().map_err(HashError)?;
    argon2.hash_password_into(secret, salt, &mut key).map_err(|error| HashError(error.into()))?;
    Ok(key)
}

fn argon2() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(Params::DEFAULT_OUTPUT_LEN))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn password(text: &str) -> Password {
        Password::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn the_right_password_alone_is_accepted() {
        let hash = hash(&password("correct horse battery")).unwrap();
        assert!(verify(Some(&hash), &password("correct horse battery")));
        assert!(!verify(Some(&hash), &password("incorrect horse battery")));
        assert!(!verify(None, &password("correct horse battery")));
        assert!(!format!("{hash:?}").contains("argon2"));
    }

    #[test]
    fn each_log_in_verifies_once_with_the_same_parameters() {
        let real = hash(&password("correct horse battery")).unwrap();
        for known in [None, Some(&real)] {
            for verdict in [true, false] {
                let verifications = Cell::new(0);
                let accepted = verify_with(known, |hash| {
                    verifications.set(verifications.get() + 1);
                    let parsed = Phc::new(hash).unwrap();
                    assert_eq!(Params::try_from(&parsed).unwrap(), *argon2().unwrap().params());
                    assert!(parsed.hash.is_some(), "a hash without output would be refused without work");
                    verdict
                });
                assert_eq!(verifications.get(), 1);
                assert_eq!(accepted, verdict && known.is_some());
            }
        }
    }
}
