//! The pool's bookkeeping: which processes exist, which are idle, and how much each function ran.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::oneshot;

use super::process::Process;

/// Distinguishes a binary from the one that replaced it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    modified: SystemTime,
    length: u64,
}

impl Fingerprint {
    pub(crate) fn of(binary: &Path) -> io::Result<Fingerprint> {
        let metadata = std::fs::metadata(binary)?;
        Ok(Fingerprint { modified: metadata.modified()?, length: metadata.len() })
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FunctionStats {
    pub invocations: u64,
    pub errors: u64,
    pub cold_starts: u64,
    /// The total of all invocations, cold starts included.
    pub duration: Duration,
    /// The processes that exist now, idle ones included.
    pub processes: usize,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) stopped: bool,
    processes: HashMap<String, Arc<Process>>,
    /// Oldest first.
    idle: Vec<(Arc<Process>, Instant)>,
    /// Calls that wait for a process of their function to become idle, oldest first.
    waiting: HashMap<String, VecDeque<oneshot::Sender<Arc<Process>>>>,
    busy: HashMap<String, u32>,
    stats: BTreeMap<String, FunctionStats>,
}

impl State {
    /// Counts a call as running; false when the reserved concurrency is in use already.
    pub(crate) fn acquire(&mut self, function: &str, reserved: Option<u32>) -> bool {
        let busy = self.busy.entry(function.to_owned()).or_default();
        let acquired = reserved.is_none_or(|reserved| *busy < reserved);
        if acquired {
            *busy += 1;
        }
        acquired
    }

    pub(crate) fn release(&mut self, function: &str, took: Duration, failed: bool) {
        if let Some(busy) = self.busy.get_mut(function) {
            *busy -= 1;
        }
        let stats = self.stats.entry(function.to_owned()).or_default();
        stats.invocations += 1;
        stats.errors += u64::from(failed);
        stats.duration += took;
    }

    /// Takes the process that became idle last; kills those of an older binary.
    pub(crate) fn take_idle(&mut self, function: &str, fingerprint: Fingerprint) -> Option<Arc<Process>> {
        self.idle.retain(|(process, _)| {
            let stale = process.function == function && process.fingerprint != fingerprint;
            if stale {
                process.kill();
            }
            !stale && !process.has_ended()
        });
        let newest = self.idle.iter().rposition(|(process, _)| process.function == function)?;
        Some(self.idle.remove(newest).0)
    }

    /// Hands the process to the call that has waited longest, if there is one.
    pub(crate) fn make_idle(&mut self, process: Arc<Process>) {
        if process.has_ended() {
            return;
        }
        let mut process = process;
        let waiting = self.waiting.get_mut(&process.function);
        for caller in waiting.into_iter().flat_map(|waiting| std::iter::from_fn(|| waiting.pop_front())) {
            // A call that has stopped waiting returns it.
            match caller.send(process) {
                Ok(()) => return,
                Err(returned) => process = returned,
            }
        }
        self.idle.push((process, Instant::now()));
    }

    pub(crate) fn wait(&mut self, function: &str) -> oneshot::Receiver<Arc<Process>> {
        let (caller, handed) = oneshot::channel();
        let waiting = self.waiting.entry(function.to_owned()).or_default();
        waiting.retain(|caller| !caller.is_closed());
        waiting.push_back(caller);
        handed
    }

    pub(crate) fn processes_of(&self, function: &str) -> usize {
        self.processes.values().filter(|process| process.function == function).count()
    }

    pub(crate) fn end_idle_since(&mut self, before: Instant) {
        self.idle.retain(|(process, since)| {
            let expired = *since <= before;
            if expired {
                process.kill();
            }
            !expired
        });
    }

    /// Makes room for one more process by killing the one that has been idle longest.
    pub(crate) fn make_room(&mut self, ceiling: usize) {
        if self.processes.len() >= ceiling && !self.idle.is_empty() {
            self.idle.remove(0).0.kill();
        }
    }

    pub(crate) fn add(&mut self, process: Arc<Process>) {
        self.stats.entry(process.function.clone()).or_default().cold_starts += 1;
        self.processes.insert(process.id.clone(), process);
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.processes.remove(id);
        self.idle.retain(|(process, _)| process.id != id);
    }

    pub(crate) fn process(&self, id: &str) -> Option<Arc<Process>> {
        self.processes.get(id).cloned()
    }

    /// Refuses new calls and kills every process; returns the processes that are still ending.
    pub(crate) fn stop(&mut self) -> Vec<Arc<Process>> {
        self.stopped = true;
        self.idle.clear();
        self.waiting.clear();
        self.processes.values().for_each(|process| process.kill());
        self.processes.values().cloned().collect()
    }

    pub(crate) fn stats(&self) -> BTreeMap<String, FunctionStats> {
        let mut stats = self.stats.clone();
        for process in self.processes.values() {
            stats.entry(process.function.clone()).or_default().processes += 1;
        }
        stats
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_have_stopped_waiting_are_forgotten() {
        let mut state = State::default();
        let waits = state.wait("GetMe");
        for _ in 0..5 {
            drop(state.wait("GetMe"));
        }
        assert_eq!(state.waiting["GetMe"].len(), 2);
        drop(waits);
    }
}
