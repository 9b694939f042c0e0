//! The keys of the template's profiles, in the format of the AWS CLI's shared credentials file.
//!
//! AWS: Using shared config and credentials files,
//! <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>

use std::fs;
use std::io;
use std::path::Path;

use crate::model::REGION;
use crate::services::{Credential, Credentials};
use crate::storage::write_private;

/// Marks the file, so that nobody's own keys are replaced by those of a cloud.
const MARK: &str =
    "# Written by `cloud` at its start. These keys are good at this cloud alone, and end with it.";

/// Replaces the file of an earlier cloud by one that only its owner can read.
pub(crate) fn write(path: &Path, credentials: &Credentials) -> io::Result<()> {
    match fs::read(path) {
        Ok(old) if !old.starts_with(MARK.as_bytes()) => {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it was not written by a cloud"));
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let sections: String = credentials.profiles().iter().map(|(name, keys)| section(name, keys)).collect();
    write_private(path, format!("{MARK}\n{sections}").as_bytes())
}

fn section(
    name: &str,
    Credential { access_key_id, secret_access_key, session_token }: &Credential,
) -> String {
    let token = session_token.iter().map(|token| format!("aws_session_token = {token}\n"));
    format!(
        "\n[{name}]\naws_access_key_id = {access_key_id}\naws_secret_access_key = {secret_access_key}\n{}region = {REGION}\n",
        token.collect::<String>()
    )
}
