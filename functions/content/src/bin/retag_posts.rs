use std::process::ExitCode;

use domain::event::EventType;
use platform::events::{Consumer, Cost, Delivery, Outcome, consume};

const CONSUMER: Consumer = Consumer::reaction("retag-posts", &[EventType::TagJobRequested])
    .costing(&[Cost::when("tagJob.requested, of one post", 5.0, 2.0)])
    .continuing();

fn main() -> ExitCode {
    consume(&CONSUMER, |_| Ok(()), retag_posts)
}

async fn retag_posts(_: &'static (), delivery: Delivery) -> Outcome {
    content::retag(&delivery).await
}
