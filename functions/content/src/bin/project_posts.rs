use std::process::ExitCode;

use domain::event::EventType;
use platform::events::{Consumer, Cost, Delivery, Failure, consume};

const CONSUMER: Consumer = Consumer::projection(
    "project-posts",
    &[
        EventType::PostCreated,
        EventType::PostEdited,
        EventType::PostScheduled,
        EventType::PostPublished,
        EventType::PostUnpublished,
        EventType::PostRestored,
        EventType::PostDeleted,
    ],
)
.costing(&[
    Cost::when("post.created", 1.0, 3.0),
    Cost::when("post.edited", 1.0, 3.0),
    Cost::when("post.scheduled", 1.0, 4.0),
    Cost::when("post.published", 1.5, 11.0),
    Cost::when("post.unpublished", 1.5, 11.0),
    Cost::when("post.restored", 1.5, 7.0),
    Cost::when("post.deleted", 1.0, 3.0),
]);

fn main() -> ExitCode {
    consume(&CONSUMER, |_| Ok(()), project_posts)
}

async fn project_posts(_: &'static (), delivery: Delivery) -> Result<(), Failure> {
    content::project(&delivery).await
}
