use std::process::ExitCode;

use audit::RECORDED;
use platform::events::{Consumer, Cost, Delivery, Failure, consume};

const CONSUMER: Consumer = Consumer::reaction("record-audit", RECORDED).costing(&[
    Cost::when("link.requested, by a stranger", 0.5, 2.0),
    Cost::when("plugin.purged", 0.5, 2.0),
    Cost::of(0.5, 4.0),
]);

fn main() -> ExitCode {
    consume(&CONSUMER, |_| Ok(()), record_audit)
}

async fn record_audit(_: &'static (), delivery: Delivery) -> Result<(), Failure> {
    audit::record(&delivery.store, &delivery.logged).await
}
