//! The rivals in Node.js, which `tests/bench/install.sh` installs.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use tests::workspace;

/// A rival that can be started.
pub(crate) struct Rival {
    /// An absolute path: to look for the program would be a part of every start.
    pub(crate) node: PathBuf,
    /// As Node.js names it: `v20.19.0`.
    pub(crate) version: String,
    pub(crate) directory: PathBuf,
}

impl Rival {
    /// Who is not there is not measured, and the report says why.
    pub(crate) fn find(name: &str) -> Result<Rival, String> {
        let directory = workspace::root().join("tests/bench").join(name);
        // The script writes it last.
        if !directory.join(".installed").is_file() {
            return Err(format!("`tests/bench/install.sh` has not installed {name}"));
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let node = env::split_paths(&path).map(|folder| folder.join("node")).find(|node| node.is_file());
        let node = node.ok_or("Node.js is not in PATH")?;
        let answer = Command::new(&node).arg("--version").output();
        let answer = answer.map_err(|error| format!("Node.js does not start: {error}"))?;
        let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        Ok(Rival { node, version, directory })
    }
}
