//! The program as a child process.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use super::*;

fn cloud(data: &Path) -> Command {
    cloud_of(&template(), data)
}

pub(crate) fn cloud_of(template: &Path, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloud"));
    command.arg("--template").arg(template).arg("--data").arg(data).arg("--binaries").arg(data);
    for port in ["TERRACE_PORT", "TERRACE_AWS_PORT", "TERRACE_CONSOLE_PORT"] {
        command.env(port, "0");
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn with_parameters(command: &mut Command) -> &mut Command {
    command.args(parameters().into_iter().map(|(name, value)| format!("--parameter={name}={value}")))
}

/// Reads standard output up to the line `ready`.
pub(crate) fn printed_until_ready(child: &mut Child) -> String {
    let mut printed = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    while !printed.ends_with("\nready\n") {
        assert!(output.read_line(&mut printed).unwrap() > 0, "it ends before it is ready: {printed}");
    }
    printed
}

#[test]
fn it_says_when_it_is_ready_and_ends_by_signal() {
    for signal in ["-INT", "-TERM"] {
        let root = tempfile::tempdir().unwrap();
        let data = root.path().join("data");
        let mut child = with_parameters(&mut cloud(&data)).spawn().unwrap();
        let printed = printed_until_ready(&mut child);
        for part in [
            "passed to the function, not enforced",
            "  API       http://127.0.0.1:",
            "  AWS       http://127.0.0.1:",
            "  console   http://127.0.0.1:",
        ] {
            assert!(printed.contains(part), "{part:?} in {printed}");
        }
        assert_eq!(data.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        for file in std::fs::read_dir(&data).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert!(child.wait().unwrap().success(), "{signal}");
    }
}

#[test]
fn it_refuses_on_standard_error() {
    let data = tempfile::tempdir().unwrap();
    let Output { status, stdout, stderr } = cloud(data.path()).output().unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(stdout.is_empty());
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(
        stderr.contains("2 problems:") && stderr.contains("Remedy: give it: --parameter MailSender=<value>."),
        "{stderr}"
    );
}
