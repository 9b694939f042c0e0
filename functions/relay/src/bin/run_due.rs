use std::process::ExitCode;

fn main() -> ExitCode {
    platform::events::run_due()
}
