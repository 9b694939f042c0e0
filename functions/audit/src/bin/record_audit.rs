use std::process::ExitCode;

use platform::events::{Delivery, Failure, consume};

fn main() -> ExitCode {
    consume(|_| Ok(()), record_audit)
}

async fn record_audit(_: &'static (), delivery: Delivery) -> Result<(), Failure> {
    audit::record(&delivery.store, &delivery.envelope).await
}
