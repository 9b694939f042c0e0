use std::process::ExitCode;

fn main() -> ExitCode {
    platform::events::relay()
}
