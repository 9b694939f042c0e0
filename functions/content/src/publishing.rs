//! The publication of posts whose time has come.

use domain::event::{Aggregate, Event, PostScheduled};
use domain::id::PostId;
use domain::{Actor, Stamp};
use jiff::{SignedDuration, Timestamp};
use platform::events::{Delivery, Failure, Outcome};
use platform::table::{Conflict, Decided, StoreError};

use crate::store;

/// How often a post is read anew that somebody changes at the moment of its publication.
const ATTEMPTS: usize = 4;

/// When a publication is tried again that has failed.
const AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Publishes the post that the event has scheduled, or waits for the time. It may have been called off since, or put
/// off: then nothing is done, and another event has its time.
pub async fn publish_scheduled(delivery: &Delivery) -> Outcome {
    let (Aggregate::Post(id), Event::PostScheduled(PostScheduled { at, .. })) =
        (&delivery.logged.aggregate, &delivery.logged.event)
    else {
        return Failure::Permanent("the event schedules no post".to_owned()).into();
    };
    let now = Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap_or(*at);
    match now < *at {
        true => Outcome::due_at(*at),
        false => match publish(delivery, *id, *at, now).await {
            // A queue gives up some day, and the ledger does not.
            Err(Failure::Transient(reason)) => {
                tracing::error!(post = %id, reason, "a post that is due was not published");
                Outcome::due_at(now.saturating_add(AGAIN).unwrap_or(now))
            }
            outcome => outcome.into(),
        },
    }
}

async fn publish(delivery: &Delivery, id: PostId, due: Timestamp, now: Timestamp) -> Result<(), Failure> {
    let stamp = || Stamp { at: now, by: Actor::Platform };
    for _ in 0..ATTEMPTS {
        let Some(found) = store::load(&delivery.store, id).await? else { return Ok(()) };
        let Some(decision) = found.value.publish_due(due, stamp()) else { return Ok(()) };
        let decided = Decided::as_loaded(found, decision);
        match store::commit(&delivery.store, &decided, &delivery.context(now)).await {
            Err(StoreError::Conflict(Conflict::Version)) => {}
            outcome => return Ok(outcome?),
        }
    }
    Err(StoreError::Conflict(Conflict::Contention).into())
}
