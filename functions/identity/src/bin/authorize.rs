use std::process::ExitCode;

fn main() -> ExitCode {
    platform::tokens::serve_authorizer()
}
