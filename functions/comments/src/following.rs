//! What follows from events: people are notified of comments, and comments go with their post and their author.

use std::collections::BTreeSet;

use domain::comment::{Command, Comment};
use domain::event::{CommentApproved, Event, PostDeleted, UserDeleted};
use domain::id::{CommentId, PostId, UserId};
use domain::notification::NotificationKind;
use domain::permission::Permission;
use domain::user::User;
use domain::{Actor, Stamp, Versioned};
use futures::try_join;
use jiff::{SignedDuration, Timestamp};
use notifications::{News, deliver};
use platform::events::{Delivery, Failure, Outcome};
use platform::mail::Mailer;
use platform::table::{Conflict, Decided, SortKey, StoreError};
use serde::{Deserialize, Serialize};

use crate::store::{self, List};

/// How many comments go in one message.
const PAGE: usize = 25;
/// How long after the end of a post or a user a comment may still be written: the gateway keeps an authorizer's answer for a
/// minute, and a request takes half a minute at most.
const STILL_WRITTEN: SignedDuration = SignedDuration::from_secs(120);
/// How often a comment is read anew that somebody changes at the moment of its end.
const ATTEMPTS: usize = 4;

/// Follows an event, or a page of what follows from it.
pub async fn follow(mailer: &Mailer, delivery: Delivery) -> Outcome {
    let outcome = match delivery.logged.event.clone() {
        Event::CommentApproved(CommentApproved { comment, .. }) => notify(mailer, &delivery, comment).await,
        Event::PostDeleted(PostDeleted { post }) => end_of_post(&delivery, post).await,
        Event::UserDeleted(UserDeleted { user }) => end_of_user(&delivery, user).await,
        _ => Err(Failure::Permanent("nothing follows from this event".to_owned())),
    };
    outcome.unwrap_or_else(Outcome::from)
}

/// Notifies the authors of the post, and who takes part in the thread, of what a comment says, when
/// that is shown for the first time.
async fn notify(mailer: &Mailer, delivery: &Delivery, id: CommentId) -> Result<Outcome, Failure> {
    let found = store::load(&delivery.store, id).await?.map(|found| found.value);
    // Of a text that was approved later, the event of that approval tells.
    let is_approved_later =
        |comment: &Comment| comment.approved_at.is_some_and(|at| at > delivery.logged.stamp.at);
    let shown = found.filter(|comment| comment.is_approved() && !is_approved_later(comment));
    let Some(comment) = shown else { return Ok(Ok(()).into()) };
    let Some(post) = content::questions::find(&delivery.store, comment.post).await? else {
        return Ok(Ok(()).into());
    };
    let mut recipients: BTreeSet<UserId> = post.authors.iter().collect();
    if post.live_since.is_some() && comment.root.is_some() {
        recipients.extend(store::participants(&delivery.store, (post.id, comment.thread())).await?);
    }
    recipients.remove(&comment.author);
    if recipients.is_empty() {
        return Ok(Ok(()).into());
    }
    let (books, tenants) = (delivery.store.role_books(), delivery.store.tenants());
    let (book, tenant) = try_join!(books.get_eventually(), tenants.get())?;
    let may_read = |user: &User| {
        post.authors.contains(user.id)
            || book.value.permissions(user.id, &user.roles).contains(Permission::PostsRead)
    };
    let news = News {
        kind: NotificationKind::CommentPosted { post_id: post.id, comment_id: comment.id },
        recipients,
        is_suspended: tenant.value.is_suspended(),
        concerns: may_read,
    };
    Ok(deliver(mailer, delivery, news).await)
}

/// Where a page of comments ended.
#[derive(Serialize, Deserialize)]
struct Position {
    after: Option<String>,
    /// Whether no comment could be written any more when the first page was read.
    #[serde(default)]
    is_last_pass: bool,
}

/// When no comment can be written any more on a post, or by a user, that was deleted by this event.
fn written_until(delivery: &Delivery) -> Timestamp {
    delivery.logged.stamp.at.saturating_add(STILL_WRITTEN).unwrap_or(Timestamp::MAX)
}

fn position(delivery: &Delivery) -> Result<Position, Failure> {
    let first = || Position { after: None, is_last_pass: Timestamp::now() >= written_until(delivery) };
    Ok(delivery.position()?.unwrap_or_else(first))
}

/// Deletes a page of the comments on a post that was deleted.
async fn end_of_post(delivery: &Delivery, post: PostId) -> Result<Outcome, Failure> {
    let position = position(delivery)?;
    let list = List { cursor: position.after.clone().map(SortKey::of), limit: PAGE };
    let page = store::all_on(&delivery.store, post, list).await?;
    for comment in page.items {
        end(delivery, comment).await?;
    }
    Ok(go_on(delivery, position, page.next_cursor.map(|key| key.as_str().to_owned())))
}

/// Deletes a page of the comments of a user who was deleted.
async fn end_of_user(delivery: &Delivery, user: UserId) -> Result<Outcome, Failure> {
    let position = position(delivery)?;
    let cursor: Option<CommentId> = position.after.as_ref().and_then(|after| after.parse().ok());
    let page = store::of_user(&delivery.store, user, List { cursor, limit: PAGE }).await?;
    for comment in page.items {
        end(delivery, comment).await?;
    }
    Ok(go_on(delivery, position, page.next_cursor.map(|id| id.to_string())))
}

/// What was written behind a pass, which takes long where comments are many, is found by the next one.
fn go_on(delivery: &Delivery, Position { is_last_pass, .. }: Position, after: Option<String>) -> Outcome {
    match after {
        Some(after) => Outcome::continue_at(Ok(()), &Position { after: Some(after), is_last_pass }),
        None if is_last_pass => Ok(()).into(),
        None => Outcome::due_at(written_until(delivery)),
    }
}

/// Deletes a comment, if that is not done. Lists may have it as it was a moment ago.
async fn end(delivery: &Delivery, found: Versioned<Comment>) -> Result<(), Failure> {
    let (id, mut found) = (found.value.id, Some(found));
    for _ in 0..ATTEMPTS {
        let Some(comment) = found else { return Ok(()) };
        let now = Timestamp::now();
        let stamp = Stamp { at: now, by: Actor::Platform };
        let Ok(decision) = comment.value.decide(Command::Delete, stamp) else { return Ok(()) };
        let decided = Decided::as_loaded(comment, decision);
        match store::commit(&delivery.store, &decided, &delivery.context(now)).await {
            Err(StoreError::Conflict(Conflict::Version)) => found = store::load(&delivery.store, id).await?,
            outcome => return Ok(outcome?),
        }
    }
    Err(StoreError::Conflict(Conflict::Contention).into())
}
