//! Lists of comments, and what of them the caller may see.

use domain::Versioned;
use domain::comment::Comment;
use domain::id::{CommentId, PostId};
use futures::try_join;
use platform::http::{Call, NoBody, Problem};
use platform::table::{Page, SortKey, StoreError};

use crate::cursor::ThreadCursor;
use crate::requests::{CountParameters, OwnParameters, QueueParameters, ThreadParameters};
use crate::store::List;
use crate::view::{CommentPage, CommentView, CountsView, ThreadPage};
use crate::{access, store};

type ThreadCall = Call<ThreadParameters, NoBody>;

/// Lists the comments on a post: to moderators all, to others those that are shown, and their own that wait.
pub async fn list_on_post(call: &ThreadCall) -> Result<ThreadPage, Problem> {
    let is_moderator = access::is_moderator(call.principal);
    let comments = async {
        Ok(match is_moderator {
            true => store::all_on(&call.store, call.parameters.id, list(call)).await?.into(),
            false => readers_page(call).await?,
        })
    };
    let ((), page) = try_join!(content::questions::require_readable(call, call.parameters.id), comments)?;
    let Found { comments, next_cursor } = page;
    let authors = comments.iter().map(|comment| comment.value.author);
    let users = call.store.users().get_all_eventually(authors).await?;
    let view = |comment: &Versioned<Comment>| match access::visible_to(call.principal, &comment.value) {
        true => CommentView::whole(comment, &users),
        false => CommentView::place_holder(comment),
    };
    Ok(ThreadPage { items: comments.iter().map(view).collect(), next_cursor })
}

fn list(call: &ThreadCall) -> List<SortKey> {
    let ThreadParameters { limit, cursor, .. } = &call.parameters;
    List { cursor: cursor.as_ref().map(ThreadCursor::key), limit: limit.get() }
}

/// A page of comments on a post.
struct Found {
    comments: Vec<Versioned<Comment>>,
    next_cursor: Option<ThreadCursor>,
}

impl<C> From<Page<Versioned<Comment>, C>> for Found {
    fn from(Page { items, next_cursor }: Page<Versioned<Comment>, C>) -> Self {
        let next_cursor = next_cursor.and(items.last().map(cursor));
        Self { comments: items, next_cursor }
    }
}

fn cursor(Versioned { value: comment, .. }: &Versioned<Comment>) -> ThreadCursor {
    ThreadCursor::at(comment.root, comment.id)
}

/// Two lists are read, and the first of both make the page.
async fn readers_page(call: &ThreadCall) -> Result<Found, StoreError> {
    let (post, user) = (call.parameters.id, call.principal.user());
    let (shown, own) = try_join!(
        store::shown(&call.store, post, list(call)),
        store::own_pending(&call.store, (post, user), list(call)),
    )?;
    let Found { comments, next_cursor } = merged(shown, own, call.parameters.limit.get());
    let comments = without_empty_places(call, comments, next_cursor.as_ref()).await?;
    Ok(Found { comments, next_cursor })
}

type Part = Page<Versioned<Comment>, SortKey>;

/// The first comments of two lists, each of which is in the order of threads. A list may have ended before its limit, so
/// that behind its end something of it is missing: the page ends there, too.
fn merged(shown: Part, own: Part, limit: usize) -> Found {
    let end = [shown.next_cursor, own.next_cursor].into_iter().flatten().min();
    let place = |comment: &Versioned<Comment>| cursor(comment).key();
    let mut comments = [shown.items, own.items].concat();
    comments.retain(|comment| end.as_ref().is_none_or(|end| place(comment) <= *end));
    comments.sort_by_cached_key(place);
    let is_cut = comments.len() > limit;
    comments.truncate(limit);
    let next_cursor = (is_cut || end.is_some()).then(|| comments.last().map(cursor)).flatten();
    Found { comments, next_cursor }
}

/// A comment that is not shown any more keeps its place only if replies stand below it.
async fn without_empty_places(
    call: &ThreadCall,
    all: Vec<Versioned<Comment>>,
    next: Option<&ThreadCursor>,
) -> Result<Vec<Versioned<Comment>>, StoreError> {
    let is_place = |comment: &Comment| !access::visible_to(call.principal, comment);
    let last_has_replies = match (all.last(), next) {
        (Some(last), Some(next)) if is_place(&last.value) => {
            has_reply_behind(call, next, last.value.id).await?
        }
        _ => false,
    };
    let has_replies = |at: usize, id: CommentId| match all.get(at + 1) {
        Some(next) => next.value.root == Some(id),
        None => last_has_replies,
    };
    let kept = all
        .iter()
        .enumerate()
        .filter(|(at, Versioned { value: comment, .. })| !is_place(comment) || has_replies(*at, comment.id));
    Ok(kept.map(|(_, comment)| comment.clone()).collect())
}

/// Whether the next page begins with a reply to the last comment of this one, which may be the caller's own that waits.
async fn has_reply_behind(
    call: &ThreadCall,
    end: &ThreadCursor,
    root: CommentId,
) -> Result<bool, StoreError> {
    let (post, user) = (call.parameters.id, call.principal.user());
    let first = List { cursor: Some(end.key()), limit: 1 };
    let (shown, own) = try_join!(
        store::shown(&call.store, post, first.clone()),
        store::own_pending(&call.store, (post, user), first),
    )?;
    Ok([shown, own].iter().flat_map(|page| &page.items).any(|reply| reply.value.root == Some(root)))
}

/// Lists what is to be moderated, or was, the newest comments first.
pub async fn list_queue(call: &Call<QueueParameters, NoBody>) -> Result<CommentPage, Problem> {
    let QueueParameters { limit, cursor, status } = &call.parameters;
    let list = List { cursor: *cursor, limit: limit.get() };
    let mut page = store::queue(&call.store, *status, list).await?;
    let posts: Vec<PostId> = page.items.iter().map(|comment| comment.value.post).collect();
    let readable = content::questions::readable_of(call, &posts).await?;
    page.items.retain(|comment| readable.contains(&comment.value.post));
    shown_by_time(call, page).await
}

/// Lists the caller's own comments, the newest first. Deleted ones are left out.
pub async fn list_own(call: &Call<OwnParameters, NoBody>) -> Result<CommentPage, Problem> {
    let OwnParameters { limit, cursor } = &call.parameters;
    let list = List { cursor: *cursor, limit: limit.get() };
    let mut page = store::of_user(&call.store, call.principal.user(), list).await?;
    page.items.retain(|comment| comment.value.text.is_some());
    shown_by_time(call, page).await
}

async fn shown_by_time<P, B>(
    call: &Call<P, B>,
    page: Page<Versioned<Comment>, CommentId>,
) -> Result<CommentPage, Problem> {
    let authors = page.items.iter().map(|comment| comment.value.author);
    let users = call.store.users().get_all_eventually(authors).await?;
    Ok(page.map(|comment| CommentView::whole(&comment, &users)))
}

/// Counts the approved comments on several posts.
pub async fn count(call: &Call<CountParameters, NoBody>) -> Result<CountsView, Problem> {
    let posts = &call.parameters.posts.0;
    let (readable, counts) = try_join!(
        content::questions::readable_of(call, posts),
        store::counts(&call.store, posts.iter().copied()),
    )?;
    let count = |post: PostId| (post, counts.get(&post).copied().unwrap_or_default());
    Ok(CountsView { counts: readable.into_iter().map(count).collect() })
}

#[cfg(test)]
mod tests;
