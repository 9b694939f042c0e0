use std::process::ExitCode;

use platform::table::AccessClass;

fn main() -> ExitCode {
    platform::accounts::tokens::serve_authorizer(AccessClass::WRITE)
}
