//! Marks of mails that were sent, by event and recipient.

use domain::Version;
use domain::id::{EventId, UserId};
use jiff::Timestamp;
use platform::table::namespace::notifications::MAILS;
use platform::table::{Condition, Conflict, Scope, SortKey, StoreError};
use serde::Serialize;

const SENT: Conflict = Conflict::Exists("mail");

#[derive(Serialize)]
struct Document {
    at: Timestamp,
}

pub(crate) async fn is_sent(scope: &Scope, event: EventId, recipient: UserId) -> Result<bool, StoreError> {
    Ok(scope.get(&MAILS.partition(), &sort_key(event, recipient)).await?.is_some())
}

pub(crate) async fn mark_sent(
    scope: &Scope,
    event: EventId,
    recipient: UserId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let state = (Version::FIRST, &Document { at });
    let key = sort_key(event, recipient);
    let write = scope.write_state(&MAILS.partition(), key, Condition::absent(), SENT, state)?;
    match scope.commit(vec![write]).await {
        Err(StoreError::Conflict(was)) if was == SENT => Ok(()),
        outcome => outcome,
    }
}

fn sort_key(event: EventId, recipient: UserId) -> SortKey {
    SortKey::of(format_args!("{event}#{recipient}"))
}
