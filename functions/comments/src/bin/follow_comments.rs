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
    Cost::when("post.deleted, with one comment", 1.5, 10.0),
    Cost::when("user.deleted, with one comment", 3.0, 10.0),
])
.continuing()
.of_plugin(&MANIFEST)
.hearing_while_inactive(&[EventType::PostDeleted, EventType::UserDeleted]);

fn main() -> ExitCode {
    consume(&CONSUMER, Mailer::open, follow)
}
