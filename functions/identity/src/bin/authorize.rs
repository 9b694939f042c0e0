use std::process::ExitCode;

fn main() -> ExitCode {
    platform::accounts::tokens::serve_authorizer()
}
