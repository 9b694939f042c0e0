use std::process::ExitCode;

use platform::events::{Delivery, Failure, consume};

fn main() -> ExitCode {
    consume(|_| Ok(()), record_audit)
}

async fn record_audit(_: &'static (), delivery: Delivery) -> Result<(), Failure> {
    Ok(delivery.store.audit().record(&delivery.envelope).await?)
}
