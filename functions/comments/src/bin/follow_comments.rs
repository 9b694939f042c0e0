use std::process::ExitCode;

use comments::{MANIFEST, follow};
use domain::event::EventType;
use platform::events::{Consumer, Cost, consume};
use platform::mail::Mailer;

const CONSUMER: Consumer = Consumer::reaction(
    "follow-comments",
    &[EventType::CommentApproved, EventType::PostDeleted, EventType::UserDeleted],
)
.costing(&[
    Cost::when("comment.approved, to one recipient in the app", 7.0, 4.0),
    Cost::when("post.deleted, with one comment, to come once more", 1.5, 11.0),
    Cost::when("post.deleted, once more", 1.5, 0.0),
    Cost::when("user.deleted, with one comment, to come once more", 3.0, 11.0),
    Cost::when("user.deleted, once more", 2.0, 0.0),
])
.continuing()
.deferring()
.of_plugin(&MANIFEST)
.hearing_while_inactive(&[EventType::PostDeleted, EventType::UserDeleted]);

fn main() -> ExitCode {
    consume(&CONSUMER, Mailer::open, follow)
}
