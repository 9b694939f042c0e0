//! Comments over DynamoDB's protocol: committing, loading, lists and counts.

use domain::comment::{Command, CommentStatus, NewComment};
use domain::id::{PostId, UserId};
use domain::text::CommentText;
use domain::{Actor, Stamp};
use jiff::Timestamp;
use platform::new_id;
use platform::testing::{Table, context, known};
use store_world::World;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_772_600_000 + seconds).unwrap()
}

fn text(text: &str) -> CommentText {
    text.to_owned().try_into().unwrap()
}

fn written(post: PostId, root: Option<CommentId>, author: UserId, waits: bool) -> Decided<Comment> {
    let id = new_id(CommentId::from_uuid);
    let new = NewComment { id, post, root, author, text: text("Well said.") };
    Decided::first(Comment::post(new, waits, Stamp { at: at(0), by: Actor::Platform }))
}

fn decided(comment: &Versioned<Comment>, command: Command) -> Decided<Comment> {
    let stamp = Stamp { at: at(1), by: Actor::Platform };
    known(comment.clone()).decide(|comment| comment.decide(command, stamp)).unwrap()
}

async fn committed(scope: &Scope, decided: Decided<Comment>) -> Versioned<Comment> {
    commit(scope, &decided, &context(at(0))).await.unwrap();
    decided.next
}

async fn counted(scope: &Scope, post: PostId) -> u64 {
    counts(scope, [post]).await.unwrap().get(&post).copied().unwrap_or_default()
}

fn all<C>() -> List<C> {
    List { cursor: None, limit: 100 }
}

#[tokio::test]
async fn a_comment_comes_back_as_it_was_decided_and_only_to_its_tenant() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let (post, author) = (new_id(PostId::from_uuid), new_id(UserId::from_uuid));
    let root = committed(&scope, written(post, None, author, false)).await;
    let reply = committed(&scope, written(post, Some(root.value.id), author, true)).await;
    let id = reply.value.id;
    assert_eq!(load(&scope, id).await.unwrap(), Some(reply.clone()));
    assert_eq!(load(&other, id).await.unwrap(), None);
    let edit = Command::Edit { text: text("Better said."), waits: true };
    let edited = committed(&scope, decided(&reply, edit.clone())).await;
    assert_eq!(load(&scope, id).await.unwrap(), Some(edited.clone()));
    let late = commit(&scope, &decided(&reply, edit), &context(at(2))).await;
    assert!(matches!(late, Err(StoreError::Conflict(Conflict::Version))), "{late:?}");
    let deleted = committed(&scope, decided(&edited, Command::Delete)).await;
    assert_eq!(load(&scope, id).await.unwrap(), Some(deleted));
}

#[tokio::test]
async fn the_count_is_that_of_approved_comments_however_often_a_decision_is_committed() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (post, author) = (new_id(PostId::from_uuid), new_id(UserId::from_uuid));
    let first = committed(&scope, written(post, None, author, false)).await;
    let waiting = committed(&scope, written(post, None, author, true)).await;
    assert_eq!(counted(&scope, post).await, 1);
    let approval = decided(&waiting, Command::Moderate(CommentStatus::Approved));
    let approved = committed(&scope, approval.clone()).await;
    for _ in 0..2 {
        let again = commit(&scope, &approval, &context(at(1))).await;
        assert!(matches!(again, Err(StoreError::Conflict(Conflict::Version))), "{again:?}");
    }
    assert_eq!(counted(&scope, post).await, 2);
    let spam = committed(&scope, decided(&approved, Command::Moderate(CommentStatus::Spam))).await;
    assert_eq!(counted(&scope, post).await, 1);
    committed(&scope, decided(&spam, Command::Delete)).await;
    assert_eq!(counted(&scope, post).await, 1, "it was not counted any more");
    committed(&scope, decided(&first, Command::Delete)).await;
    assert_eq!(counted(&scope, post).await, 0);
}

/// Comments that are approved at the same moment change one count.
#[tokio::test]
async fn comments_that_race_are_all_counted() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (post, author) = (new_id(PostId::from_uuid), new_id(UserId::from_uuid));
    let raced: Vec<_> = (0..5).map(|_| written(post, None, author, false)).collect();
    let context = context(at(0));
    let raced = futures::future::join_all(raced.iter().map(|one| commit(&scope, one, &context))).await;
    let committed = raced.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(counted(&scope, post).await, committed as u64, "{raced:?}");
    assert_eq!(all_on(&scope, post, all()).await.unwrap().items.len(), committed);
}

#[tokio::test]
async fn lists_hold_what_is_shown_and_what_waits_by_thread() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let [post, elsewhere] = [(); 2].map(|()| new_id(PostId::from_uuid));
    let [author, other] = [(); 2].map(|()| new_id(UserId::from_uuid));
    let first = committed(&scope, written(post, None, author, false)).await;
    let second = committed(&scope, written(post, None, other, false)).await;
    let reply = committed(&scope, written(post, Some(first.value.id), other, false)).await;
    let waiting = committed(&scope, written(post, Some(first.value.id), author, true)).await;
    committed(&scope, written(elsewhere, None, author, false)).await;
    let ids = |items: &[Versioned<Comment>]| items.iter().map(|comment| comment.value.id).collect::<Vec<_>>();
    let [first_id, second_id, reply_id, waiting_id] =
        [&first, &second, &reply, &waiting].map(|comment| comment.value.id);
    let listed = shown(&scope, post, all()).await.unwrap().items;
    assert_eq!(ids(&listed), [first_id, reply_id, second_id]);
    assert_eq!(
        ids(&all_on(&scope, post, all()).await.unwrap().items),
        [first_id, reply_id, waiting_id, second_id]
    );
    assert_eq!(ids(&own_pending(&scope, (post, author), all()).await.unwrap().items), [waiting_id]);
    assert_eq!(ids(&own_pending(&scope, (post, other), all()).await.unwrap().items), []);
    let pending = queue(&scope, Some(CommentStatus::Pending), all()).await.unwrap().items;
    assert_eq!(ids(&pending), [waiting_id]);
    let of_author = of_user(&scope, author, all()).await.unwrap().items;
    assert_eq!((of_author.len(), of_author[1].value.id, of_author[2].value.id), (3, waiting_id, first_id));

    let page = shown(&scope, post, List { cursor: None, limit: 1 }).await.unwrap();
    let next = List { cursor: page.next_cursor, limit: 1 };
    assert_eq!(ids(&shown(&scope, post, next).await.unwrap().items), [reply_id], "within the thread");

    committed(&scope, decided(&first, Command::Delete)).await;
    let placed = shown(&scope, post, all()).await.unwrap().items;
    assert_eq!((ids(&placed), &placed[0].value.text), (vec![first_id, reply_id, second_id], &None));
    let taking_part = participants(&scope, (post, first_id)).await.unwrap();
    assert_eq!(taking_part, [other].into(), "neither who has deleted a comment nor whose waits");
}
