//! The work of jobs that change tags, page by page.
//!
//! Each post with the tag gets its tags as they are called now, by an ordinary commit on the version that was read, in the
//! name of who has asked for the job. Jobs that change the same tags at once thus end with the same.

use domain::Stamp;
use domain::event::Aggregate;
use domain::id::PostId;
use domain::post::{Command, ContentChanges};
use domain::tag_job::TagTally;
use futures::stream::{StreamExt, TryStreamExt, iter};
use jiff::Timestamp;
use platform::events::{Delivery, Failure, Outcome};
use platform::table::{Conflict, Decided, StoreError};

use crate::store;
use crate::store::tag_jobs;

/// The posts that one message changes.
const PAGE: usize = 25;
const AT_ONCE: usize = 8;
/// How often a post is read anew that somebody changes at the same moment.
const ATTEMPTS: usize = 4;

/// Does the next page of the job that the event has asked for. The job's row says where that begins, and the message does
/// not, so one that comes twice repeats nothing.
pub async fn retag(delivery: &Delivery) -> Outcome {
    match page(delivery).await {
        Ok(true) => Outcome::continue_at(Ok(()), &()),
        Ok(false) => Ok(()).into(),
        Err(failure) => failure.into(),
    }
}

/// Whether other pages follow.
async fn page(delivery: &Delivery) -> Result<bool, Failure> {
    let Aggregate::TagJob(id) = delivery.logged.aggregate else {
        return Err(Failure::Permanent("the event is not about a job of tags".to_owned()));
    };
    let found = tag_jobs::get(&delivery.store, id).await?;
    let progress = found.ok_or_else(|| Failure::Permanent(format!("{id} has no row")))?;
    let job = &progress.job.value;
    if job.ended_at.is_some() {
        return Ok(false);
    }
    let page = store::tagged(&delivery.store, &job.from, progress.passed.clone(), PAGE).await?;
    let ids: Vec<PostId> = page.items.iter().map(|post| post.id).collect();
    let posts = iter(ids.into_iter().map(|id| retag_post(delivery, id)));
    let tallies: Vec<TagTally> = posts.buffer_unordered(AT_ONCE).try_collect().await?;
    let found = tallies.into_iter().fold(TagTally::default(), |all, one| all + one);
    let next = page.next_cursor.as_ref();
    let ended_at = next.is_none().then(|| stamp(delivery).at);
    let after = job.clone().found(found, ended_at);
    match tag_jobs::go_on(&delivery.store, &progress, &after, next).await {
        // Another message has done the same page, and goes on.
        Err(StoreError::Conflict(Conflict::Version)) => Ok(false),
        outcome => Ok(outcome.map(|()| next.is_some())?),
    }
}

async fn retag_post(delivery: &Delivery, id: PostId) -> Result<TagTally, Failure> {
    let (changed, left, refused) = (
        TagTally { changed: 1, ..TagTally::default() },
        TagTally { left: 1, ..TagTally::default() },
        TagTally { refused: 1, ..TagTally::default() },
    );
    for _ in 0..ATTEMPTS {
        let found = match store::load(&delivery.store, id).await {
            // It cannot be changed, and holds up the others no more than one that is gone.
            Err(StoreError::Corrupt(_)) => return Ok(refused),
            found => found?,
        };
        let Some(found) = found else { return Ok(left) };
        let tags = store::resolved_now(&delivery.store, &found.value.content.tags).await?;
        if tags == found.value.content.tags {
            return Ok(left);
        }
        let changes = ContentChanges { tags: Some(tags), ..ContentChanges::default() };
        let Ok(decision) = found.value.decide(Command::Edit(Box::new(changes)), stamp(delivery)) else {
            return Ok(refused);
        };
        let decided = Decided::as_loaded(found, decision);
        if !store::fits(&decided.next.value)? {
            return Ok(refused);
        }
        match store::commit(&delivery.store, &decided, &delivery.context(decided.stamp().at)).await {
            Err(StoreError::Conflict(Conflict::Version)) => {}
            outcome => return Ok(outcome.map(|()| changed)?),
        }
    }
    Err(StoreError::Conflict(Conflict::Contention).into())
}

/// Who has asked for the job answers for what it does.
fn stamp(delivery: &Delivery) -> Stamp {
    let at = Timestamp::from_millisecond(Timestamp::now().as_millisecond());
    Stamp { at: at.unwrap_or(delivery.logged.stamp.at), by: delivery.logged.stamp.by.clone() }
}
