//! Passwords: their argon2id hashes, and a verification that takes as long for an unknown user as for a known
//! one.

use std::fmt;

use argon2::password_hash::phc::{Output, PasswordHash as Phc, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::text::Password;

use crate::slow_hash::{HashError, argon2, hash_into};

/// The hash of an unknown password with the parameters of all others. It is verified when no user is found.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dGVycmFjZS1ub2JvZHktMDE$UDTJDd3n0n0WvVwPdLCVOqSjFyJvT9dwgEdjYlwc0SA";

/// The hash of a password, in the PHC string format.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn stored(&self) -> &str {
        &self.0
    }

    /// The text is not checked here: one that is not a hash verifies no password.
    pub(crate) fn from_stored(phc: String) -> Self {
        Self(phc)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Hashes a password with a new salt.
pub fn hash(password: &Password) -> Result<PasswordHash, HashError> {
    let (argon2, salt) = (argon2()?, Salt::generate());
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    hash_into(&argon2, password.expose().as_bytes(), &salt, &mut output)?;
    let phc = Phc {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: argon2.params().try_into()?,
        salt: Some(salt),
        hash: Some(Output::new(&output).map_err(argon2::password_hash::Error::from)?),
    };
    Ok(PasswordHash(phc.to_string()))
}

/// Whether the password has the known hash. One hash is verified in any case, so that the time does not
/// reveal whether there is a known one.
pub fn verify(known: Option<&PasswordHash>, password: &Password) -> bool {
    verify_with(known, |hash| matches(hash, password))
}

fn verify_with(known: Option<&PasswordHash>, verification: impl FnOnce(&str) -> bool) -> bool {
    let hash = known.map_or(NOBODY, |hash| &hash.0);
    verification(hash) & known.is_some()
}

fn matches(hash: &str, password: &Password) -> bool {
    // Outputs are compared in constant time.
    recomputed(hash, password).is_some_and(|(expected, now)| expected == now)
}

/// The output of a stored hash, and that of this password with the same salt and parameters.
fn recomputed(hash: &str, password: &Password) -> Option<(Output, Output)> {
    let hash = Phc::new(hash).ok()?;
    let (salt, expected) = (hash.salt?, hash.hash?);
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = Version::try_from(hash.version?).ok()?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
    let mut output = vec![0; expected.len()];
    hash_into(&argon2, password.expose().as_bytes(), &salt, &mut output).ok()?;
    Some((expected, Output::new(&output).ok()?))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use argon2::PasswordHasher;

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
    fn hashes_that_the_library_makes_are_verified_too() {
        let text = argon2().unwrap().hash_password(b"correct horse battery").unwrap().to_string();
        let stored = PasswordHash::from_stored(text);
        assert!(verify(Some(&stored), &password("correct horse battery")));
        assert!(!verify(Some(&stored), &password("incorrect horse battery")));
        for broken in ["", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$dGVycmFjZS1ub2JvZHktMDE"] {
            assert!(!verify(
                Some(&PasswordHash::from_stored(broken.to_owned())),
                &password("correct horse battery")
            ));
        }
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
