use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use super::*;

#[tokio::test]
async fn stop_leaves_no_process() {
    let fixture = Fixture::new(|_| ()).await;
    let idle = fixture.pid().await;
    let held = fixture.hold();
    let other = fixture.hold();
    fixture.until_held(2).await;
    fixture.pool.stop().await;
    assert!(!is_alive(idle));
    assert!(fixture.printed_pids().iter().all(|pid| !is_alive(*pid)));
    assert!(held.await.unwrap().is_err() && other.await.unwrap().is_err());
    assert!(matches!(fixture.invoke(json!({"do": "answer"})).await, Err(InvokeError::Unavailable(_))));
}

#[tokio::test]
async fn drop_leaves_no_process() {
    let fixture = Fixture::new(|_| ()).await;
    let pid = fixture.pid().await;
    drop(fixture);
    eventually(|| !is_alive(pid)).await;
}

#[test]
fn the_end_of_the_runtime_leaves_no_process() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let pid = runtime.block_on(async {
        let fixture = Fixture::new(|_| ()).await;
        let pid = fixture.pid().await;
        std::mem::forget(fixture.pool);
        pid
    });
    drop(runtime);
    tokio::runtime::Runtime::new().unwrap().block_on(eventually(|| !is_running(pid)));
}

#[tokio::test]
async fn a_killed_cloud_leaves_no_process() {
    let mut cloud = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "compute::tests::orphans::host_a_busy_process", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(cloud.stdout.take().unwrap()).lines();
    let pid: u64 =
        lines.map_while(Result::ok).find_map(|line| line.strip_prefix("busy ")?.parse().ok()).unwrap();
    assert!(is_alive(pid));
    cloud.kill().unwrap();
    cloud.wait().unwrap();
    eventually(|| !is_running(pid)).await;
}

/// Not a test: the process that the test above kills.
#[tokio::test]
#[ignore = "runs until its standard input ends"]
async fn host_a_busy_process() {
    let fixture = Fixture::new(|function| function.timeout = Duration::from_secs(60)).await;
    let _held = fixture.hold();
    fixture.until_held(1).await;
    println!("\nbusy {}", fixture.printed_pids()[0]);
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// A zombie that has not been waited for counts as ended.
fn is_running(pid: u64) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    status.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
}
