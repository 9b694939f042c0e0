//! argon2id with this backend's parameters, for secrets that must be slow to guess from what is stored.

use std::sync::{Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What hashes are made in, one at a time. If each had memory of its own, libc would put small pieces into the place of
/// the last one, so that the next did not fit there: a process grew by 8 MiB with each password.
static MEMORY: Mutex<Vec<Block>> = Mutex::new(Vec::new());

#[derive(Debug, thiserror::Error)]
#[error("the secret could not be hashed: {0}")]
pub struct HashError(#[from] pub(crate) argon2::password_hash::Error);

impl From<argon2::Error> for HashError {
    fn from(error: argon2::Error) -> Self {
        Self(error.into())
    }
}

pub(crate) fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(Params::DEFAULT_OUTPUT_LEN))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a secret into `out`, whose length is part of what is hashed.
pub(crate) fn hash_into(
    argon2: &Argon2<'_>,
    secret: &[u8],
    salt: &[u8],
    out: &mut [u8],
) -> Result<(), HashError> {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    Ok(argon2.hash_password_into_with_memory(secret, salt, out, &mut memory[..blocks])?)
}

/// Derives a key from a secret, which takes as long as hashing a password.
pub(crate) fn stretch(secret: &[u8], salt: &[u8]) -> Result<[u8; 32], HashError> {
    let mut key = [0; 32];
    hash_into(&argon2()?, secret, salt, &mut key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_made_in_the_same_memory() {
        let place = || {
            let memory = MEMORY.lock().unwrap();
            (memory.as_ptr().addr(), memory.capacity())
        };
        let first = stretch(b"a secret", b"a salt of a test").unwrap();
        let before = place();
        assert_eq!(before.1, argon2().unwrap().params().block_count());
        assert_ne!(stretch(b"another secret", b"a salt of a test").unwrap(), first);
        // What the other has left in the memory does not matter.
        assert_eq!(stretch(b"a secret", b"a salt of a test").unwrap(), first);
        assert_eq!(place(), before);
    }
}
