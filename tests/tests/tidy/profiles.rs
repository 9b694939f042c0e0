//! What builds for releases keep, and what they leave out.

use crate::packages::metadata;

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
