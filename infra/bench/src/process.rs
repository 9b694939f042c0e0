//! What processes have used, as Linux tells.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// The CPU time of all threads that a process has now, in nanoseconds' resolution. Linux's own counters of ended threads
/// and children are too coarse for a cold start.
pub(crate) fn cpu(pid: u32) -> Duration {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks.filter_map(|task| cpu_of_thread(&task.path())).sum()
}

/// The CPU time of the thread that asks, in nanoseconds' resolution.
pub(crate) fn cpu_of_this_thread() -> Duration {
    cpu_of_thread(Path::new("/proc/thread-self")).unwrap_or_default()
}

fn cpu_of_thread(folder: &Path) -> Option<Duration> {
    let line = fs::read_to_string(folder.join("schedstat")).ok()?;
    Some(Duration::from_nanos(line.split(' ').next()?.parse().ok()?))
}

/// The CPU time of a process and all that have ever descended from it, in steps of 10 ms a process. A parent has the time
/// of its ended children when it has waited for them. Parents are read last, so that a child which ends meanwhile may be
/// counted twice, but is not lost.
pub(crate) fn cpu_of_tree(pid: u32) -> Duration {
    let ticks: u64 = tree(pid).into_iter().rev().map(ticks).sum();
    Duration::from_millis(ticks * 10)
}

/// User and system time of a process and of its ended children. Linux shows 100 ticks a second on every machine.
fn ticks(pid: u32) -> u64 {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name of the program, in parentheses, may contain spaces.
    let after_name = line.rsplit_once(") ").map_or("", |(_, rest)| rest);
    after_name.split(' ').skip(11).take(4).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// The memory of a process that is in RAM, in MiB.
pub(crate) fn resident(pid: u32) -> f64 {
    kibibytes(&format!("/proc/{pid}/status"), "VmRSS:") / 1024.0
}

/// The memory of a process, of which memory that processes share is divided among them, in MiB.
pub(crate) fn proportional(pid: u32) -> f64 {
    kibibytes(&format!("/proc/{pid}/smaps_rollup"), "Pss:") / 1024.0
}

fn kibibytes(file: &str, field: &str) -> f64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

/// A process and all that descend from it.
pub(crate) fn tree(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(parent) = found.get(next) {
        let tasks = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
        let children: Vec<u32> = tasks
            .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
            .flat_map(|children| {
                children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>()
            })
            .collect();
        found.extend(children);
        next += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_cpu_and_memory_and_has_a_tree() {
        let this = std::process::id();
        // Linux counts a thread's time when it leaves the processor.
        let own = client::eventually("this thread's time is counted", || {
            Some(cpu_of_this_thread()).filter(|own| !own.is_zero())
        });
        assert!(cpu(this) >= own && resident(this) > 1.0 && proportional(this) > 0.0);
        let mut child =
            std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        assert!(tree(this).contains(&child.id()));
        drop(child.stdin.take());
        child.wait().unwrap();
    }

    #[test]
    fn the_time_of_a_tree_keeps_that_of_ended_children() {
        let this = std::process::id();
        let before = cpu_of_tree(this);
        let busy = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done";
        assert!(std::process::Command::new("sh").args(["-c", busy]).status().unwrap().success());
        assert!(cpu_of_tree(this) - before >= Duration::from_millis(20));
    }
}
