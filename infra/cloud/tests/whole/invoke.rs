//! Functions that are called without a route or an event source.

use std::path::Path;
use std::process::Command;

use cloud::Cloud;
use cloud::invoke::InvokeError;
use serde_json::json;

use crate::library::options;

const INSTALL: &str = r##"
import os, sys
with open(sys.argv[1], "w") as file:
    file.write(f"#!{sys.executable}\n{sys.argv[2]}")
os.chmod(sys.argv[1], 0o755)
"##;

/// Installs a function in Python, whose event says what it does. Another process writes the file, since it cannot
/// be run while a process that this one starts meanwhile still has it open.
pub(crate) fn install_function(path: &Path) {
    let script = include_str!("../../src/compute/tests/bootstrap.py");
    let status = Command::new("python3").args(["-c", INSTALL]).arg(path).arg(script).status().unwrap();
    assert!(status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_is_called_with_an_event_and_answers() {
    let binaries = tempfile::tempdir().unwrap();
    install_function(&binaries.path().join("get_health"));
    let cloud = Cloud::start(options(binaries.path())).await.unwrap();
    let invoke = async |order: &str| cloud.invoke("GetHealthFunction", json!({"do": order})).await;

    assert_eq!(invoke("answer").await.unwrap()["version"], "VERSION");
    assert!(matches!(invoke("fail").await, Err(InvokeError::Function(error)) if error.contains("Oops")));
    assert!(
        matches!(invoke("babble").await, Err(InvokeError::Function(error)) if error.contains("not JSON"))
    );
    let stats = cloud.function_stats()["GetHealthFunction"];
    assert_eq!((stats.invocations, stats.cold_starts), (3, 1));

    let unknown = cloud.invoke("NoFunction", json!({})).await;
    assert!(matches!(unknown, Err(InvokeError::Unavailable(_))), "{unknown:?}");
    cloud.stop().await;
}
