//! What builds for releases keep, and what they leave out.

use tests::workspace;

use crate::packages::metadata;
use crate::sources::read;

/// The names of all tables of `Cargo.toml` that are called `profile`, with the values of this setting.
fn profiles<'a>(manifest: &'a str, setting: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let mut profiles = Vec::new();
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            profiles.push((table.trim_end_matches(']'), None));
        } else if let Some((name, value)) = line.split_once('=')
            && name.trim() == setting
            && let Some((_, found)) = profiles.last_mut()
        {
            *found = Some(value.trim().trim_matches('"'));
        }
    }
    profiles.retain(|(table, _)| table.starts_with("profile."));
    profiles
}

/// With `abort`, a panic would end a function's process, and a request could cause one.
#[test]
fn panics_unwind_in_every_profile() {
    let manifest = read(&workspace::root().join("Cargo.toml"));
    for (profile, panic) in profiles(&manifest, "panic") {
        match profile {
            "profile.release" => assert_eq!(panic, Some("unwind")),
            other => assert!(panic.is_none_or(|panic| panic == "unwind"), "{other}: {panic:?}"),
        }
    }
    let bases = profiles(&manifest, "inherits");
    assert!(
        bases.contains(&("profile.quick", Some("release"))) && bases.contains(&("profile.release", None))
    );
}

/// Credentials travel in events, which `lambda_runtime` shows whole at TRACE.
#[test]
fn no_build_can_log_at_trace_and_no_release_at_debug() {
    for package in metadata().workspace_packages() {
        for tracing in package.dependencies.iter().filter(|other| other.name == "tracing") {
            for feature in ["max_level_debug", "release_max_level_info"] {
                assert!(tracing.features.iter().any(|name| name == feature), "{}: {feature}", package.name);
            }
        }
    }
}
