//! Comments: the state of each stands in the thread of its post, and rows that say where lead there.

mod counts;
mod lists;
mod stored;

use domain::comment::Comment;
use domain::id::CommentId;
use domain::{Version, Versioned};
use platform::table::namespace::comments::{COMMENT, COMMENTS, COMMENTS_BY, COMMENTS_ON};
use platform::table::{CommandContext, Condition, Conflict, Decided, Scope, SortKey, StoreError, Write};

pub(crate) use counts::counts;
pub(crate) use lists::{List, all_on, of_user, own_pending, participants, queue, shown};
use stored::{Place, place_of};

/// The comment, read consistently. Where it stands never changes, so it is looked up as it was a moment ago.
pub(crate) async fn load(scope: &Scope, id: CommentId) -> Result<Option<Versioned<Comment>>, StoreError> {
    match place(scope, id).await? {
        Some(place) => load_at(scope, place).await,
        None => Ok(None),
    }
}

async fn place(scope: &Scope, id: CommentId) -> Result<Option<Place>, StoreError> {
    let (list, key) = (COMMENTS.partition(), SortKey::of(id));
    let row = match scope.get_eventually(&list, &key).await? {
        Some(row) => Some(row),
        None => scope.get(&list, &key).await?,
    };
    row.as_ref().map(place_of).transpose()
}

async fn load_at(scope: &Scope, place: Place) -> Result<Option<Versioned<Comment>>, StoreError> {
    let row = scope.get(&COMMENTS_ON.of(place.post), &place.key()).await?;
    row.map(|row| stored::read(place.post, &row)).transpose()
}

/// Commits a decision, with all that it changes: the count of the post is exact at every moment.
///
/// Fails with [`Conflict::Version`] when somebody else has changed the comment meanwhile.
pub(crate) async fn commit(
    scope: &Scope,
    decided: &Decided<Comment>,
    context: &CommandContext,
) -> Result<(), StoreError> {
    let comment = &decided.next.value;
    let before = decided.before.as_ref();
    let place = Place::of(comment);
    let state = stored::document(comment);
    let row = scope.decided_state(&COMMENTS_ON.of(comment.post), place.key(), decided, &state)?;
    let mut writes = scope.log(&COMMENT, comment.id)?.events(decided, context)?;
    writes.push(row.in_facet(&lists::facet(comment)));
    if before.is_none_or(|before| before.status != comment.status) {
        writes.push(in_queue(scope, comment, decided.next.version, place)?);
    }
    if before.is_none() {
        writes.push(of_author(scope, comment, place)?);
    }
    writes.extend(counts::change(scope, before, comment));
    scope.commit(writes).await
}

/// The row by which the comment is found, and moderated by its status. The condition on the state orders its writes.
fn in_queue(scope: &Scope, comment: &Comment, version: Version, place: Place) -> Result<Write, StoreError> {
    let condition = match version {
        Version::FIRST => Condition::absent(),
        _ => Condition::exists(),
    };
    let key = SortKey::of(comment.id);
    let row =
        scope.write_state(&COMMENTS.partition(), key, condition, Conflict::Version, (version, &place))?;
    Ok(row.in_facet(comment.status.as_str()))
}

fn of_author(scope: &Scope, comment: &Comment, place: Place) -> Result<Write, StoreError> {
    let key = lists::by(comment.author, comment.id);
    let state = (Version::FIRST, &place);
    scope.write_state(&COMMENTS_BY.partition(), key, Condition::absent(), Conflict::Version, state)
}

#[cfg(test)]
mod tests;
