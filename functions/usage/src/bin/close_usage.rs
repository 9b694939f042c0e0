use std::process::ExitCode;

use platform::schedule::{Run, serve_schedule};
use usage::{Closer, NotClosed};

fn main() -> ExitCode {
    serve_schedule(Closer::of_function, close_usage)
}

async fn close_usage(closer: &'static Closer, run: Run) -> Result<(), NotClosed> {
    usage::close(closer, run).await
}
