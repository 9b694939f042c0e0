//! argon2id with this backend's parameters, for secrets that must be slow to guess from what is stored.

use argon2::{Algorithm, Argon2, Params, Version};

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

#[derive(Debug, thiserror::Error)]
#[error("the secret could not be hashed: {0}")]
pub struct HashError(#[from] pub(crate) argon2::password_hash::Error);

pub(crate) fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(Params::DEFAULT_OUTPUT_LEN));
    let params = params.map_err(argon2::password_hash::Error::from)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Derives a key from a secret, which takes as long as hashing a password.
pub(crate) fn stretch(secret: &[u8], salt: &[u8]) -> Result<[u8; 32], HashError> {
    let mut key = [0; 32];
    let stretched = argon2()?.hash_password_into(secret, salt, &mut key);
    stretched.map_err(argon2::password_hash::Error::from)?;
    Ok(key)
}
