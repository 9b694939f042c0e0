//! `terrace --help` says what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    operator::main()
}
