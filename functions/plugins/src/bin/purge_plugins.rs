use std::process::ExitCode;

use domain::event::EventType;
use platform::events::{Consumer, Cost, Delivery, Outcome, consume};

const CONSUMER: Consumer = Consumer::reaction("purge-plugins", &[EventType::PluginPurgeRequested])
    .costing(&[
        Cost::when("plugin.purgeRequested", 1.5, 8.0),
        Cost::when("plugin.purgeRequested, a moment ago", 0.5, 1.0),
    ])
    .continuing()
    .deferring();

fn main() -> ExitCode {
    consume(&CONSUMER, |_| Ok(()), purge_plugins)
}

async fn purge_plugins(_: &'static (), delivery: Delivery) -> Outcome {
    plugins::purge(delivery).await
}
