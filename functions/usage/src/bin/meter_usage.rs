use std::process::ExitCode;

use platform::table::{StoreError, UsageLedger};
use platform::usage::{LogBatch, follow_logs};

fn main() -> ExitCode {
    follow_logs(UsageLedger::of_function, meter_usage)
}

async fn meter_usage(ledger: &'static UsageLedger, batch: LogBatch) -> Result<(), StoreError> {
    usage::meter(ledger, batch).await
}
