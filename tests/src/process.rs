//! The real `cloud` program as a child, to be killed and started again.

use std::fs::File;
use std::io::{Read, Seek};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::binaries::ensure_binaries;
use crate::client::{Anonymous, Operator};
use crate::eventually;
use crate::workspace;
use crate::world::{OPERATOR_KEY, parameters};

pub struct CloudProcess {
    child: Child,
    url: String,
    log: File,
}

impl CloudProcess {
    /// Returns when the backend is healthy.
    pub fn start(data: &Path, binaries: &Path) -> CloudProcess {
        ensure_binaries();
        let [gateway, services, console] = free_ports();
        let mut command = Command::new(workspace::binaries().join("cloud"));
        command
            .arg("--template")
            .arg(workspace::template())
            .arg("--data")
            .arg(data)
            .arg("--binaries")
            .arg(binaries);
        for (name, value) in parameters() {
            command.arg("--parameter").arg(format!("{name}={value}"));
        }
        let log = tempfile::tempfile().expect("a temporary file can be made");
        let child = command
            .env("TERRACE_PORT", gateway.to_string())
            .env("TERRACE_AWS_PORT", services.to_string())
            .env("TERRACE_CONSOLE_PORT", console.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.try_clone().expect("a file has a second handle"))
            .spawn()
            .expect("cloud starts");
        let mut process = CloudProcess { child, url: format!("http://127.0.0.1:{gateway}"), log };
        eventually("cloud is healthy", || process.is_healthy().then_some(()));
        process
    }

    fn is_healthy(&mut self) -> bool {
        if let Ok(Some(status)) = self.child.try_wait() {
            panic!("cloud ended with {status}:\n{}", self.said());
        }
        self.anonymous().get("/health").try_send().is_ok_and(|answer| answer.status == 200)
    }

    fn said(&mut self) -> String {
        let mut text = String::new();
        let read = self.log.rewind().and_then(|()| self.log.read_to_string(&mut text));
        read.map_or_else(|error| error.to_string(), |_| text)
    }

    pub fn anonymous(&self) -> Anonymous {
        Anonymous::new(&self.url)
    }

    pub fn operator(&self) -> Operator {
        self.anonymous().operator(OPERATOR_KEY)
    }

    /// `kill -9`: no signal handler runs, nothing is flushed.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // An error here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for CloudProcess {
    fn drop(&mut self) {
        self.end();
    }
}

/// All are held until all are chosen, so they differ.
fn free_ports() -> [u16; 3] {
    let any = || TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    [any(), any(), any()].map(|listener| listener.local_addr().expect("a bound socket has an address").port())
}
