use std::process::ExitCode;

use domain::event::EventType;
use platform::events::{Consumer, Cost, Delivery, Outcome, consume};

const CONSUMER: Consumer = Consumer::reaction("purge-plugins", &[EventType::PluginPurgeRequested])
    .costing(&[Cost::when("plugin.purgeRequested", 1.5, 8.0)])
    .continuing();

fn main() -> ExitCode {
    consume(&CONSUMER, |_| Ok(()), purge_plugins)
}

async fn purge_plugins(_: &'static (), delivery: Delivery) -> Outcome {
    plugins::purge(delivery).await
}
