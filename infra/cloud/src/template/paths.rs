//! Paths that a template names, relative to its own directory.

use std::path::{Component, Path, PathBuf};

/// The path relative to the root template's directory, as is the directory; `None` if it leads outside, or is absolute.
/// Links are not followed.
pub(super) fn inside(directory: &Path, path: &str) -> Option<PathBuf> {
    let mut inside = PathBuf::new();
    for component in directory.join(path).components() {
        match component {
            Component::Normal(name) => inside.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !inside.pop() {
                    return None;
                }
            }
            Component::Prefix(_) | Component::RootDir => return None,
        }
    }
    Some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        let inside = |directory: &str, path: &str| {
            inside(Path::new(directory), path).map(|path| path.to_str().unwrap().to_owned())
        };
        assert_eq!(inside("", "a/./b.yaml").as_deref(), Some("a/b.yaml"));
        assert_eq!(inside("a/b", "../../c.yaml").as_deref(), Some("c.yaml"));
        assert_eq!(inside("a/b", "../../a/b/c.yaml").as_deref(), Some("a/b/c.yaml"));
        assert_eq!(inside("a/b", "../../../c.yaml"), None);
        assert_eq!(inside("", "../here/c.yaml"), None);
        assert_eq!(inside("a", "/c.yaml"), None);
    }
}
