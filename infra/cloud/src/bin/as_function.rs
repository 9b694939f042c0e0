//! `as_function BINARY` executes the binary with the environment that a running `cloud` lends its function, for the
//! secret that `cloud` has written into the file `TERRACE_SECRET_FILE`.
//!
//! It is Cargo's runner for the binaries that `cargo lambda watch` builds.

use std::error::Error;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use cloud::lent_environment;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match become_function().await {
        Ok(never) => never,
        Err(error) => {
            eprintln!("as_function: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn become_function() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let binary = PathBuf::from(arguments.next().ok_or("name the function's binary")?);
    let name = binary.file_name().ok_or("name the function's binary")?.to_string_lossy();
    let port = std::env::var("TERRACE_AWS_PORT").unwrap_or_else(|_| "4001".to_owned());
    let secret_file = std::env::var_os("TERRACE_SECRET_FILE")
        .ok_or("TERRACE_SECRET_FILE must name the file lending-secret in the data directory of cloud")?;
    let services_url = format!("http://127.0.0.1:{port}");
    let environment = lent_environment(&services_url, secret_file.as_ref(), &name).await?;
    Err(Command::new(&binary).args(arguments).envs(environment).exec().into())
}
