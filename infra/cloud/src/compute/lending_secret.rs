//! What a process must know before it is lent a function's environment, which holds credentials.

use std::io;
use std::path::Path;

use http::HeaderName;
use ring::rand::{SecureRandom, SystemRandom};
use subtle::ConstantTimeEq;

use crate::storage::write_private;

/// A header of its own, which no page can send to another origin without a preflight.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-lending-secret");

pub(crate) struct LendingSecret(String);

impl LendingSecret {
    /// Draws a secret, and replaces the file by one that only its owner can read.
    pub(crate) fn write_new(file: &Path) -> io::Result<LendingSecret> {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system has no randomness"))?;
        let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        write_private(file, secret.as_bytes())?;
        Ok(LendingSecret(secret))
    }

    pub(crate) fn is(&self, sent: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(sent).into()
    }
}
