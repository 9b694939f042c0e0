//! Paths of the workspace.

use std::path::{Path, PathBuf};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the workspace")
}

pub fn template() -> PathBuf {
    root().join("template.yaml")
}

/// The template and those that are nested in it, as far as they go; a file that is missing is an error.
pub fn templates() -> Vec<PathBuf> {
    let mut found = vec![template()];
    let mut next = 0;
    while let Some(path) = found.get(next).cloned() {
        let folder = path.parent().expect("a template lies in a folder");
        let nested = nested_by(&text(&path)).into_iter().map(|url| folder.join(url));
        found.extend(nested.filter(|nested| !found.contains(nested)).collect::<Vec<_>>());
        next += 1;
    }
    found
}

fn nested_by(template: &str) -> Vec<String> {
    let urls = template.lines().filter_map(|line| line.trim().strip_prefix("TemplateURL:"));
    urls.map(|url| url.trim().to_owned()).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The text of all templates.
pub fn text_of_templates() -> String {
    templates().iter().map(|path| text(path)).collect()
}

/// Writes the template with another text into a folder, beside those that are nested in it, and answers its path.
pub fn write_template(folder: &Path, changed: &str) -> PathBuf {
    for nested in templates().iter().skip(1) {
        let inside = nested.strip_prefix(root()).expect("nested templates lie in the workspace");
        let copy = folder.join(inside);
        std::fs::create_dir_all(copy.parent().expect("a file lies in a folder"))
            .expect("a folder can be made");
        std::fs::copy(nested, copy).expect("a nested template can be copied");
    }
    let path = folder.join("template.yaml");
    std::fs::write(&path, changed).expect("a template can be written");
    path
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
