//! `cloud` runs a SAM template on this machine.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use cloud::cli::{self, Arguments};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_target(false)
        .with_writer(io::stderr)
        .init();
    cli::run(arguments).await
}
