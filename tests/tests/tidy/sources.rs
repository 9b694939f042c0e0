//! The length of files, and the tests that documents name.

use std::path::{Path, PathBuf};

use tests::workspace;

const LONGEST_FILE: usize = 300;
const LONGEST_MAIN: usize = 40;

/// Documents name the tests that prove their statements.
#[test]
fn the_tests_that_documents_name_exist() {
    let code: String = sources()
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "rs"))
        .map(|file| read(file))
        .collect();
    let dependencies = read(&workspace::root().join("Cargo.toml"));
    let mut missing = Vec::new();
    let pages = sources().into_iter().filter(|file| file.extension().is_some_and(|kind| kind == "md"));
    let at_the_top = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "README.md"];
    for document in at_the_top.map(|name| workspace::root().join(name)).into_iter().chain(pages) {
        let text = read(&document);
        let names = text.split('`').skip(1).step_by(2).map(|name| name.rsplit("::").next().unwrap_or(name));
        let sentences = names.filter(|name| {
            name.matches('_').count() >= 3
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        });
        missing.extend(
            sentences
                .filter(|name| !code.contains(&format!("fn {name}(")) && !dependencies.contains(name))
                .map(|name| format!("{}: {name}", document.display())),
        );
    }
    assert!(missing.is_empty(), "no such test:\n{}", missing.join("\n"));
}

#[test]
fn files_are_small_and_mains_trivial() {
    let mut large = Vec::new();
    for file in sources() {
        let is_main = file.parent().is_some_and(|folder| folder.ends_with("src/bin"));
        let (lines, limit) = (read(&file).lines().count(), if is_main { LONGEST_MAIN } else { LONGEST_FILE });
        if lines > limit {
            large.push(format!("{} has {lines} lines, {limit} is the limit", file.display()));
        }
    }
    assert!(large.is_empty(), "{}", large.join("\n"));
}

pub(crate) fn read(file: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()
}

/// The files that people write, except the templates, which are long lists by design.
pub(crate) fn sources() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        ["Makefile", "Cargo.toml", ".ci/run"].map(|name| workspace::root().join(name)).into();
    let mut folders: Vec<PathBuf> =
        ["shared", "functions", "infra", "tests", "docs"].map(|name| workspace::root().join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let written = path
                .extension()
                .is_some_and(|kind| ["rs", "py", "sh", "md", "toml"].iter().any(|known| kind == *known));
            if path.is_dir() {
                // What npm has installed was written by others.
                if !path.ends_with("node_modules") {
                    folders.push(path);
                }
            } else if written {
                found.push(path);
            }
        }
    }
    found
}
