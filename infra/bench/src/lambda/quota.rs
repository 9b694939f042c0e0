//! A share of a core, as Lambda gives it by a function's memory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Instant;

/// Lambda gives a whole core at this memory, and less in proportion to it.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
const MEGABYTES_OF_A_CORE: f64 = 1769.0;
const PERIOD_MICROSECONDS: f64 = 20_000.0;

const GROUPS: &str = "/sys/fs/cgroup/cpu";
const PREFIX: &str = "terrace-bench-";

/// It needs the rights to make control groups, and version 1 of them, where a thread alone can join.
#[derive(Clone, Copy)]
pub(crate) struct Quota {
    megabytes: u32,
}

/// The control group of one process. What another one has used up would hold it up.
pub(super) struct Group(PathBuf);

impl Quota {
    /// `None` where this machine lets nobody set a quota.
    pub(crate) fn of_memory(megabytes: u32) -> Option<Quota> {
        let quota = Quota { megabytes };
        quota.group().ok().map(|_| quota)
    }

    /// A new group, which takes a while to make.
    pub(super) fn group(self) -> io::Result<Group> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{number}", std::process::id());
        let group = Group(Path::new(GROUPS).join(name));
        fs::create_dir(&group.0)?;
        group.set("cpu.cfs_period_us", PERIOD_MICROSECONDS as u64)?;
        group.set("cpu.cfs_quota_us", (PERIOD_MICROSECONDS * share(self.megabytes)) as u64)?;
        Ok(group)
    }
}

impl Group {
    fn set(&self, file: &str, value: u64) -> io::Result<()> {
        fs::write(self.0.join(file), value.to_string())
    }

    /// Spawns from a thread in the group, so that the process is in it from its first instruction, and tells when. To
    /// join a group, a thread may wait for ten milliseconds.
    pub(super) fn spawn(&self, mut command: Command) -> (Instant, io::Result<Child>) {
        let joined = || {
            let this = fs::read_link("/proc/thread-self")?;
            let this = this.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            fs::write(self.0.join("tasks"), this)
        };
        thread::scope(|scope| {
            let spawning = scope.spawn(|| {
                let joined = joined();
                (Instant::now(), joined.and_then(|()| command.spawn()))
            });
            spawning.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// Removes the groups of benchmarks that were killed.
pub(crate) fn remove_stale_groups() {
    for group in fs::read_dir(GROUPS).into_iter().flatten().flatten() {
        let name = group.file_name().to_string_lossy().into_owned();
        let maker = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
        if maker.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            // A group with a process in it cannot be removed.
            let _ = fs::remove_dir(group.path());
        }
    }
}

/// The part of a core that a function of this memory has.
pub(crate) fn share(megabytes: u32) -> f64 {
    (f64::from(megabytes) / MEGABYTES_OF_A_CORE).min(1.0)
}
