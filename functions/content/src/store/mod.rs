//! Posts, of which each commit holds the whole state.

mod aliases;
mod lists;
mod projection;
mod slugs;
mod stored;
pub(crate) mod tag_jobs;
mod tags;

use domain::event::Event;
use domain::id::PostId;
use domain::post::{Deleted, Post};
use domain::{Version, Versioned};
use platform::table::namespace::content::POST;
use platform::table::{CommandContext, CommitRow, Commits, Decided, LoggedCommit, Page, Scope, StoreError};

pub(crate) use aliases::{resolved, resolved_now};
pub(crate) use lists::{Part, Query, list, listed_of, tagged};
pub(crate) use projection::project;
pub(crate) use slugs::{Claim, find, free};
pub(crate) use stored::fits;
pub(crate) use tags::{
    CountedTag, Known, count, find as find_tag, find_of_any as find_tag_of_any, list as list_tags,
};

/// Loads a post by its newest commit. `None` if there is none, or it was deleted.
pub(crate) async fn load(scope: &Scope, id: PostId) -> Result<Option<Versioned<Post>>, StoreError> {
    let asked = Commits { limit: 1, consistent: true, ..Commits::default() };
    let page = scope.log(&POST, id)?.commits(asked).await?;
    page.items.first().map(|row| read(id, row)).transpose().map(Option::flatten)
}

/// The post as it was at a version. `None` if there is no such version.
pub(crate) async fn load_at(
    scope: &Scope,
    id: PostId,
    version: Version,
) -> Result<Option<Versioned<Post>>, StoreError> {
    let asked = Commits { up_to: Some(version), limit: 1, consistent: true, ..Commits::default() };
    let page = scope.log(&POST, id)?.commits(asked).await?;
    let found = page.items.first().map(|row| read(id, row)).transpose()?.flatten();
    Ok(found.filter(|found| found.version == version))
}

fn read(id: PostId, row: &CommitRow) -> Result<Option<Versioned<Post>>, StoreError> {
    let version = row.version()?;
    let post = row.state().map(|state| stored::read(id, state)).transpose()?;
    Ok(post.map(|value| Versioned { value, version }))
}

/// Commits a new post, and takes its slug in the same transaction.
///
/// Fails with [`Conflict::Exists`](platform::table::Conflict::Exists) when it cannot have the slug.
pub(crate) async fn create(
    scope: &Scope,
    decided: &Decided<Post>,
    claim: Claim,
    context: &CommandContext,
) -> Result<(), StoreError> {
    let post = &decided.next.value;
    let mut writes = scope.log(&POST, post.id)?.whole(decided, Some(stored::state(post)?), context)?;
    writes.push(slugs::take(scope, post, claim));
    scope.commit(writes).await
}

/// Commits a change. Its slug is taken in the same transaction, if it is another one than before.
///
/// Fails with [`Conflict::Exists`](platform::table::Conflict::Exists) when another post has the slug.
pub(crate) async fn commit(
    scope: &Scope,
    decided: &Decided<Post>,
    context: &CommandContext,
) -> Result<(), StoreError> {
    let post = &decided.next.value;
    let mut writes = scope.log(&POST, post.id)?.whole(decided, Some(stored::state(post)?), context)?;
    writes.extend(decided.before.iter().flat_map(|before| slugs::moves(scope, before, post)));
    scope.commit(writes).await
}

/// Commits a deletion, which frees the slug.
pub(crate) async fn delete(
    scope: &Scope,
    decided: &Decided<Post, Event, Deleted>,
    context: &CommandContext,
) -> Result<(), StoreError> {
    let Some(before) = &decided.before else { return Ok(()) };
    let mut writes = scope.log(&POST, before.id)?.whole(decided, None, context)?;
    writes.push(slugs::release(scope, before));
    scope.commit(writes).await
}

/// A page of the post's commits after the cursor, oldest first.
pub(crate) async fn history(
    scope: &Scope,
    id: PostId,
    cursor: Option<Version>,
    limit: usize,
) -> Result<Page<LoggedCommit, Version>, StoreError> {
    let asked = Commits { ascending: true, cursor, limit, ..Commits::default() };
    let page = scope.log(&POST, id)?.commits(asked).await?;
    let items = page.items.iter().map(CommitRow::read).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

#[cfg(test)]
pub(crate) mod tests;
