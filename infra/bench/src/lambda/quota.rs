//! A share of a core, as Lambda gives it by a function's memory.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;

/// Lambda gives a whole core at this memory, and less in proportion to it.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
const MEGABYTES_OF_A_CORE: f64 = 1769.0;
const PERIOD_MICROSECONDS: f64 = 20_000.0;

/// A control group of processes that share a quota of CPU time. It needs the rights to make one, and version 1 of
/// control groups, where a thread alone can join.
pub(crate) struct Quota {
    group: PathBuf,
}

impl Quota {
    /// `None` where this machine lets nobody set a quota.
    pub(crate) fn of_memory(megabytes: u32) -> Option<Quota> {
        let group = PathBuf::from("/sys/fs/cgroup/cpu")
            .join(format!("terrace-bench-{}-{megabytes}", std::process::id()));
        fs::create_dir(&group).ok()?;
        let quota = Quota { group };
        let microseconds = (PERIOD_MICROSECONDS * share(megabytes)) as u64;
        let set = |file: &str, value: u64| fs::write(quota.group.join(file), value.to_string());
        set("cpu.cfs_period_us", PERIOD_MICROSECONDS as u64).ok()?;
        set("cpu.cfs_quota_us", microseconds).ok()?;
        Some(quota)
    }

    /// Spawns from a thread in the group, so that the process is in it from its first instruction.
    pub(super) fn spawn(&self, mut command: Command) -> io::Result<Child> {
        thread::scope(|scope| {
            let spawning = scope.spawn(|| {
                let this = fs::read_link("/proc/thread-self")?;
                let this = this.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                fs::write(self.group.join("tasks"), this)?;
                command.spawn()
            });
            spawning.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.group);
    }
}

/// The part of a core that a function of this memory has.
pub(crate) fn share(megabytes: u32) -> f64 {
    (f64::from(megabytes) / MEGABYTES_OF_A_CORE).min(1.0)
}
