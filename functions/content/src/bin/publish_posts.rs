use std::process::ExitCode;

use domain::event::EventType;
use platform::events::{Consumer, Cost, Delivery, Outcome, consume};

const CONSUMER: Consumer = Consumer::reaction("publish-posts", &[EventType::PostScheduled])
    .costing(&[Cost::when("post.scheduled", 0.5, 1.0)])
    .deferring();

fn main() -> ExitCode {
    consume(&CONSUMER, |_| Ok(()), publish_posts)
}

async fn publish_posts(_: &'static (), delivery: Delivery) -> Outcome {
    content::publish_scheduled(&delivery).await
}
