//! Paths of the workspace.

use std::path::{Path, PathBuf};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the workspace")
}

pub fn template() -> PathBuf {
    root().join("template.yaml")
}

/// The folder of this build's binaries, usually `target/debug`. Cargo puts the running test into its folder `deps`.
pub fn binaries() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let folder = test.parent().expect("a file lies in a folder");
    match folder.file_name() {
        Some(name) if name == "deps" => folder.parent().expect("deps lies in a profile's folder").to_owned(),
        _ => folder.to_owned(),
    }
}
