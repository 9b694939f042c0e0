//! Builds the functions that a cloud runs, because cargo does not build the binaries of other packages for a test.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use crate::workspace;

static BUILT: OnceLock<()> = OnceLock::new();

/// Builds nothing in this process: for who has built before, and must not be disturbed by a build.
pub fn take_binaries_as_they_are() {
    BUILT.get_or_init(require_all);
}

/// Builds once in each test process. Cargo decides what is stale, and its lock serializes the builds of test processes.
pub fn ensure_binaries() {
    BUILT.get_or_init(|| {
        build(&["--workspace", "--bins"]);
        require_all();
    });
}

fn require_all() {
    let (templates, binaries) = (workspace::text_of_templates(), workspace::binaries());
    let missing: Vec<&str> =
        named_by(&templates).into_iter().filter(|name| !binaries.join(name).is_file()).collect();
    assert!(
        missing.is_empty(),
        "the templates name binaries that are not in {}: {}",
        binaries.display(),
        missing.join(", ")
    );
}

/// Builds the relay and the consumers as an older version of them; each binary is called `older_` and its name.
pub fn ensure_older_binaries() {
    ensure_binaries();
    build(&["--package", "older_version", "--features", "build"]);
}

/// Links all functions into the directory; `other` names another program than the function's own, if it is to run.
pub fn link_functions(directory: &Path, other: impl Fn(&str) -> Option<String>) {
    for name in named_by(&workspace::text_of_templates()) {
        let program = workspace::binaries().join(other(name).unwrap_or_else(|| name.to_owned()));
        symlink(program, directory.join(name)).expect("a link can be made in a new directory");
    }
}

fn build(what: &[&str]) {
    let binaries = workspace::binaries();
    let target = binaries.parent().expect("a profile's folder lies in the target folder");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_this_package(&mut command);
    let status = command
        .arg("build")
        .args(what)
        .args(["--quiet", "--profile", profile(&binaries), "--target-dir"])
        .arg(target)
        .current_dir(workspace::root())
        .status()
        .expect("cargo starts");
    assert!(status.success(), "cargo build {} fails", what.join(" "));
}

/// Cargo describes the package of this program in these variables. With them, build scripts that depend on them would run
/// in a build that the command starts, and again in the next build without them.
pub fn forget_this_package(command: &mut Command) {
    let variables = std::env::vars_os().map(|(name, _)| name);
    for name in variables.filter(|name| {
        name.to_string_lossy().starts_with("CARGO_MANIFEST")
            || name.to_string_lossy().starts_with("CARGO_PKG")
    }) {
        command.env_remove(name);
    }
}

/// Cargo's name of the profile whose binaries are in this folder.
pub fn profile(binaries: &Path) -> &str {
    match binaries.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    }
}

/// The binaries that the `CodeUri`s of templates name, in the order of the templates.
pub fn named_by(template: &str) -> Vec<&str> {
    template
        .lines()
        .filter_map(|line| line.trim().strip_prefix("CodeUri:"))
        .filter_map(|uri| {
            uri.trim()
                .trim_start_matches("../")
                .strip_prefix("target/lambda/")?
                .strip_suffix("/bootstrap.zip")
        })
        .collect()
}
