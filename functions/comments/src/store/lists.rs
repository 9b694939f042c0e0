//! Lists of comments: of a post by thread, of a tenant by status, and of a user.

use std::collections::{BTreeMap, BTreeSet};

use domain::Versioned;
use domain::comment::{Comment, CommentStatus};
use domain::id::{CommentId, PostId, UserId};
use platform::table::namespace::comments::{COMMENTS, COMMENTS_BY, COMMENTS_ON};
use platform::table::{By, Listing, Page, Partition, Row, Scope, SortKey, StoreError, beginning_with};

use super::stored::{Place, place_of, read};

/// The facet of what keeps a place among the comments that all see.
const SHOWN: &str = "shown";
/// How many comments of a thread, the newest ones, say who takes part in it.
const PARTICIPANTS_OF: usize = 500;

pub(crate) type Comments<C> = Page<Versioned<Comment>, C>;

/// Which part of a list is read.
#[derive(Debug, Clone)]
pub(crate) struct List<C> {
    pub(crate) cursor: Option<C>,
    pub(crate) limit: usize,
}

/// What is pending stands by its author, who sees it with what is shown.
pub(super) fn facet(comment: &Comment) -> String {
    match comment.status {
        _ if comment.has_place() => SHOWN.to_owned(),
        CommentStatus::Pending => pending_of(comment.author),
        status => status.as_str().to_owned(),
    }
}

fn pending_of(author: UserId) -> String {
    format!("pending~{author}")
}

/// What has a place among the comments that all see, in the order of threads.
pub(crate) async fn shown(
    scope: &Scope,
    post: PostId,
    list: List<SortKey>,
) -> Result<Comments<SortKey>, StoreError> {
    on(scope, post, By::Facet(SHOWN), list).await
}

/// The author's pending comments on a post that have no place there, in the order of threads.
pub(crate) async fn own_pending(
    scope: &Scope,
    (post, author): (PostId, UserId),
    list: List<SortKey>,
) -> Result<Comments<SortKey>, StoreError> {
    on(scope, post, By::Facet(&pending_of(author)), list).await
}

/// All comments on a post, in the order of threads.
pub(crate) async fn all_on(
    scope: &Scope,
    post: PostId,
    list: List<SortKey>,
) -> Result<Comments<SortKey>, StoreError> {
    on(scope, post, By::SortKey, list).await
}

async fn on(
    scope: &Scope,
    post: PostId,
    by: By<'_>,
    List { cursor, limit }: List<SortKey>,
) -> Result<Comments<SortKey>, StoreError> {
    let listing = Listing { by, cursor, limit, ascending: true, ..Listing::default() };
    let Page { items, next_cursor } = scope.list(&COMMENTS_ON.of(post), listing).await?;
    let items = items.iter().map(|row| read(post, row)).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor })
}

/// Who has written the approved comments of a thread, of which the newest are read.
pub(crate) async fn participants(
    scope: &Scope,
    (post, root): (PostId, CommentId),
) -> Result<BTreeSet<UserId>, StoreError> {
    let between = Some((root.to_string(), format!("{root}~{}", char::MAX)));
    let listing = Listing { by: By::Facet(SHOWN), between, limit: PARTICIPANTS_OF, ..Listing::default() };
    let rows = scope.list(&COMMENTS_ON.of(post), listing).await?.items;
    let mut users = BTreeSet::new();
    for row in &rows {
        let comment = read(post, row)?.value;
        users.extend(comment.is_approved().then_some(comment.author));
    }
    Ok(users)
}

/// The comments of the tenant, the newest first, of one status or of any.
pub(crate) async fn queue(
    scope: &Scope,
    status: Option<CommentStatus>,
    list: List<CommentId>,
) -> Result<Comments<CommentId>, StoreError> {
    let List { cursor, limit } = list;
    let by = status.map(CommentStatus::as_str).into();
    let listing = Listing { by, cursor: cursor.map(SortKey::of), limit, ..Listing::default() };
    let mut page = at_places(scope, &COMMENTS.partition(), listing).await?;
    // The rows that lead to them may be a moment older.
    page.items.retain(|comment| status.is_none_or(|status| comment.value.status == status));
    Ok(page)
}

/// The comments of a user, the newest first.
pub(crate) async fn of_user(
    scope: &Scope,
    author: UserId,
    list: List<CommentId>,
) -> Result<Comments<CommentId>, StoreError> {
    let List { cursor, limit } = list;
    let cursor = cursor.map(|id| by(author, id));
    let between = Some(beginning_with(&format!("{author}~")));
    let listing = Listing { between, cursor, limit, ..Listing::default() };
    at_places(scope, &COMMENTS_BY.partition(), listing).await
}

/// The sort key of the row by which a user's comment is found.
pub(super) fn by(author: UserId, id: CommentId) -> SortKey {
    SortKey::of(format_args!("{author}~{id}"))
}

/// Reads a page of rows that say where comments stand, and then those comments by one request.
async fn at_places(
    scope: &Scope,
    partition: &Partition,
    listing: Listing<'_>,
) -> Result<Comments<CommentId>, StoreError> {
    let page = scope.list(partition, listing).await?;
    let places: Vec<Place> = page.items.iter().map(place_of).collect::<Result<_, _>>()?;
    let next_cursor = page.next_cursor.and(places.last()).map(|place| place.id);
    let keys = places.iter().map(|place| (COMMENTS_ON.of(place.post), place.key()));
    let rows = scope.get_all_eventually(keys).await?;
    let rows: BTreeMap<SortKey, Row> =
        rows.into_iter().map(|row| Ok((row.sort_key()?, row))).collect::<Result<_, StoreError>>()?;
    let found = places.iter().filter_map(|place| Some(read(place.post, rows.get(&place.key())?)));
    Ok(Page { items: found.collect::<Result<_, _>>()?, next_cursor })
}
