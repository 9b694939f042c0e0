//! Servers in processes of their own.

use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::process;

const PATIENCE: Duration = Duration::from_secs(60);

/// Killed when it is dropped, with all processes that it has started; and by the kernel when the thread ends that has
/// started it, as it does when this process is killed and drops nothing.
pub(crate) struct Spawned {
    child: Child,
    /// From the start to the line that says that it is ready.
    pub(crate) took: Duration,
    /// What it has printed until then, that line included.
    pub(crate) printed: Vec<String>,
}

impl Spawned {
    /// Waits for the line by which the program says that it is ready. What it logs to standard error is lost: writing
    /// it to a terminal or a disk would cost each server something else.
    pub(crate) fn start(command: Command, is_ready: impl Fn(&str) -> bool) -> Result<Spawned, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        if Path::new(&program).is_absolute() && !Path::new(&program).is_file() {
            return Err(format!("there is no {program}"));
        }
        let mut command = bound(&command);
        let began = Instant::now();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("{program} does not start: {error}"))?;
        let output = BufReader::new(child.stdout.take().expect("the output is a pipe"));
        let mut spawned = Spawned { child, took: Duration::ZERO, printed: Vec::new() };
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let mut output = output;
            let mut line = String::new();
            while output.read_line(&mut line).is_ok_and(|length| length > 0) {
                if sender.send(std::mem::take(&mut line)).is_err() {
                    // Nobody listens any more, and a full pipe would stop the server.
                    let _ = io::copy(&mut output, &mut io::sink());
                }
            }
        });
        loop {
            match lines.recv_timeout(PATIENCE.saturating_sub(began.elapsed())) {
                Ok(line) => spawned.printed.push(line.trim().to_owned()),
                Err(RecvTimeoutError::Timeout) => {
                    return Err(format!("{program} is not ready after {PATIENCE:?}"));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!(
                        "{program} ended before it was ready: {}",
                        spawned.printed.join(" ")
                    ));
                }
            }
            if spawned.printed.last().is_some_and(|line| is_ready(line)) {
                spawned.took = began.elapsed();
                return Ok(spawned);
            }
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The rest of the first line with this beginning.
    pub(crate) fn value(&self, beginning: &str) -> String {
        let found = self.printed.iter().find_map(|line| line.strip_prefix(beginning));
        found
            .unwrap_or_else(|| panic!("nothing printed begins with {beginning}: {:?}", self.printed))
            .trim()
            .to_owned()
    }
}

/// The same command in a process group of its own, and bound to the thread that spawns it.
fn bound(command: &Command) -> Command {
    let mut bound = Command::new("setpriv");
    bound.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(name, value),
            None => bound.env_remove(name),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        bound.current_dir(directory);
    }
    bound.process_group(0);
    bound
}

impl Drop for Spawned {
    fn drop(&mut self) {
        let this = self.child.id();
        // Children may have left the group, and orphans the tree. Errors mean that a process has already ended.
        let _ = Command::new("kill")
            .args(["-KILL", "--"])
            .args(process::tree(this).iter().map(u32::to_string))
            .arg(format!("-{this}"))
            .stderr(Stdio::null())
            .status();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_server_is_ready_by_its_line_and_ends_with_what_it_started() {
        let server =
            Spawned::start(shell("echo url x; sleep 600 & echo ready; wait"), |line| line == "ready")
                .unwrap();
        assert_eq!((server.value("url"), server.printed.len()), ("x".to_owned(), 2));
        let all = process::tree(server.pid());
        assert_eq!(all.len(), 2, "{all:?}");
        drop(server);
        client::eventually("both have ended", || {
            all.iter().all(|pid| process::resident(*pid) == 0.0).then_some(())
        });
    }

    #[test]
    fn an_orphan_of_a_server_ends_with_it() {
        let orphan = "sh -c 'sleep 600 & echo orphan $!'; echo ready; sleep 600";
        let server = Spawned::start(shell(orphan), |line| line == "ready").unwrap();
        let orphan: u32 = server.value("orphan ").parse().unwrap();
        assert!(process::resident(orphan) > 0.0 && !process::tree(server.pid()).contains(&orphan));
        drop(server);
        client::eventually("it has ended", || (process::resident(orphan) == 0.0).then_some(()));
    }

    #[test]
    fn a_server_that_is_not_dropped_ends_with_the_thread_that_started_it() {
        let start = || Spawned::start(shell("echo ready; exec sleep 600"), |line| line == "ready").unwrap();
        let mut server = thread::spawn(move || std::mem::ManuallyDrop::new(start())).join().unwrap();
        client::eventually("it has ended", || server.child.try_wait().unwrap());
    }

    #[test]
    fn a_server_that_ends_early_is_refused_with_its_words() {
        let refused = Spawned::start(shell("echo no disk"), |line| line == "ready").err().unwrap();
        assert_eq!(refused, "sh ended before it was ready: no disk");
    }
}
