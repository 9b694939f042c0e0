//! The `cloud` program as a child process that a test can kill and start again.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use client::{Anonymous, Keys, Operator, eventually};

use crate::answers;
use crate::binaries::ensure_binaries;
use crate::workspace;
use crate::world::{OPERATORS_API, parameters};

pub struct CloudProcess {
    child: Child,
    url: String,
    operators_url: String,
    credentials: PathBuf,
}

impl CloudProcess {
    /// Starts the program and waits until it prints `ready`.
    pub fn start(data: &Path, binaries: &Path) -> CloudProcess {
        ensure_binaries();
        let log = tempfile::tempfile().expect("a temporary file can be created");
        let child = command(data, binaries, &[])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file handle can be duplicated"))
            .stderr(log.try_clone().expect("a file handle can be duplicated"))
            .spawn()
            .expect("cloud starts");
        let [url, operators_url] = [const { String::new() }; 2];
        let mut process = CloudProcess { child, url, operators_url, credentials: data.join("credentials") };
        [process.url, process.operators_url] = eventually("cloud is ready", || process.urls_when_ready(&log));
        process
    }

    fn urls_when_ready(&mut self, log: &File) -> Option<[String; 2]> {
        let ended = self.child.try_wait().expect("the status of a child process can be read");
        let output = content(log);
        if let Some(status) = ended {
            panic!("cloud ended with {status}:\n{output}");
        }
        output.lines().find(|line| *line == "ready")?;
        Some(["API", OPERATORS_API].map(|api| {
            let mut words = output.lines().filter_map(|line| line.trim().split_once(' '));
            let (_, url) =
                words.find(|(name, _)| *name == api).unwrap_or_else(|| panic!("no URL:\n{output}"));
            url.trim().to_owned()
        }))
    }

    pub fn anonymous(&self) -> Anonymous {
        answers::anonymous(&self.url)
    }

    pub fn operator(&self) -> Operator {
        let keys = Keys::of_profile(&self.credentials, "operator").unwrap_or_else(|error| panic!("{error}"));
        answers::operator(&self.operators_url, keys)
    }

    /// Sends SIGKILL, so that no signal handler runs and nothing is flushed.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // An error means that the process has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for CloudProcess {
    fn drop(&mut self) {
        self.end();
    }
}

/// The program on free ports, with the parameters of tests and these.
pub fn command(data: &Path, binaries: &Path, further: &[(&str, &str)]) -> Command {
    let mut command = Command::new(workspace::binaries().join("cloud"));
    command.arg("--template").arg(workspace::template());
    command.arg("--data").arg(data).arg("--binaries").arg(binaries);
    command.args(["--port", "0", "--aws-port", "0", "--console-port", "0"]);
    let parameters = parameters();
    let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in parameters.chain(further.iter().copied()) {
        command.arg("--parameter").arg(format!("{name}={value}"));
    }
    command
}

/// Reads without seeking: the child's handle shares the position, so a seek would change where the child writes.
fn content(log: &File) -> String {
    let length = log.metadata().expect("an open file has a length").len();
    let mut bytes = vec![0; usize::try_from(length).expect("a log fits into memory")];
    log.read_exact_at(&mut bytes, 0).expect("a log only grows");
    String::from_utf8_lossy(&bytes).into_owned()
}
