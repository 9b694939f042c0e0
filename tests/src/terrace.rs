//! The operators' command line, `terrace`, as a program beside a world.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use client::eventually;
use serde_json::Value;
use tempfile::TempDir;

use crate::workspace;
use crate::world::World;

/// A world whose profiles have their keys in a file, as operators have.
pub struct Desk {
    pub world: World,
    folder: TempDir,
}

/// What a run of the program has left.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn start() -> Desk {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let credentials = folder.path().join("credentials");
        let world = World::start_with(|options| options.credentials_file = Some(credentials)).metered();
        Desk { world, folder }
    }

    /// Runs it as the profile `operator`.
    pub fn run(&self, line: &str) -> Ran {
        self.run_as("operator", line, "")
    }

    /// The words of `line` are those between its spaces.
    pub fn run_as(&self, profile: &str, line: &str, input: &str) -> Ran {
        self.run_words(profile, &line.split(' ').collect::<Vec<_>>(), input)
    }

    pub fn run_words(&self, profile: &str, words: &[&str], input: &str) -> Ran {
        let mut command = self.command(&["--profile", profile]);
        command.args(words);
        ran(command, input)
    }

    /// Waits until the list has the tenant, which is then found by its slug.
    pub fn listed(&self, slug: &str) {
        eventually("the tenant is listed", || {
            let list = self.run_as("operator", &format!("tenants list --slug {slug}"), "");
            list.done().contains(slug).then_some(())
        });
    }

    /// The program with these keys and this world's address, and nothing else of the environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command();
        command.env("AWS_SHARED_CREDENTIALS_FILE", self.folder.path().join("credentials"));
        command.env("TERRACE_OPERATORS_URL", self.world.operators_url());
        command.args(arguments);
        command
    }
}

/// The program without keys, an address or a home.
pub fn command() -> Command {
    let mut command = Command::new(workspace::binaries().join("terrace"));
    command.env_clear().current_dir(Path::new("/"));
    command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command
}

pub fn ran(mut command: Command, input: &str) -> Ran {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("terrace starts");
    // It may have ended without reading.
    let _ = child.stdin.take().expect("the standard input is a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("terrace ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("terrace prints UTF-8");
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

impl Ran {
    /// Asserts that it succeeded, and returns what it printed.
    #[track_caller]
    pub fn done(&self) -> &str {
        assert_eq!(self.code, Some(0), "{self:?}");
        &self.out
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(self.done()).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts the exit code, and that it says all of this.
    #[track_caller]
    pub fn fails(&self, code: i32, says: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for part in says {
            assert!(self.err.contains(part), "{part:?} is missing: {self:?}");
        }
    }
}
