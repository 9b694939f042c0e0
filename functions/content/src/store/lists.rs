//! The rows of lists: what is shown of a post in a list, and what a list can be asked.

use domain::Versioned;
use domain::id::{PostId, UserId};
use domain::post::{Content, Criterion, ListedPost, Post, PostStatus};
use domain::specification::Specification;
use domain::text::TagSlug;
use jiff::Timestamp;
use platform::table::namespace::content::{POSTS, POSTS_BY, TAGGED};
use platform::table::{
    Attribute, By, Filter, Listing, Page, Partition, Row, Scope, SortKey, StoreError, Test, Write,
};

use crate::cursor::{PostCursor, Published};

const TITLE: Attribute = Attribute::new("title");
/// The title without case and accents.
const FOLDED: Attribute = Attribute::new("folded");
const SLUG: Attribute = Attribute::new("slug");
const STATUS: Attribute = Attribute::new("status");
const VISIBILITY: Attribute = Attribute::new("visibility");
/// 0 or 1.
const FEATURED: Attribute = Attribute::new("featured");
/// Ids in their order, with spaces between them. None of them is a part of another.
const AUTHORS: Attribute = Attribute::new("authors");
/// Slugs in their order, with spaces between and around them.
const TAGS: Attribute = Attribute::new("tags");
/// When the post was published, or is to be, in milliseconds, as is the next one.
const TIME: Attribute = Attribute::new("time");
const CHANGED_AT: Attribute = Attribute::new("changedAt");

/// A part of the tenant's posts that has rows of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    All,
    Status(PostStatus),
    Author(UserId),
    /// The published posts with a tag.
    Tag(TagSlug),
}

pub(crate) struct Query {
    pub(crate) part: Part,
    /// What is asked of the rows of the part.
    pub(crate) specification: Option<Specification<Criterion>>,
    /// Published posts by the time of their publication, instead of all by that of their creation.
    pub(crate) by_publication: bool,
    /// Whether the part has posts that are not for who asks.
    pub(crate) conceals: bool,
    pub(crate) cursor: Option<SortKey>,
    pub(crate) limit: usize,
}

/// Reads a page, eventually consistent, the newest posts first.
pub(crate) async fn list(scope: &Scope, query: Query) -> Result<Page<ListedPost, PostCursor>, StoreError> {
    let Query { part, specification, by_publication, conceals, cursor, limit } = query;
    let (partition, by) = match &part {
        Part::All | Part::Status(_) if by_publication => (POSTS.partition(), By::Order),
        Part::All => (POSTS.partition(), By::SortKey),
        Part::Status(status) => (POSTS.partition(), By::Facet(status.as_str())),
        Part::Author(user) if by_publication => (POSTS_BY.of(*user), By::Order),
        Part::Author(user) => (POSTS_BY.of(*user), By::SortKey),
        Part::Tag(slug) => (TAGGED.of_tag(slug), By::Order),
    };
    let filter = specification.map(|asked| Filter::of(&asked, test));
    let listing = Listing { by, cursor, limit, filter, ..Listing::default() };
    let page = described_rows(scope, &partition, listing).await?;
    let Page { items, next_cursor } = page.read::<ListedPost, PostCursor>(listed)?;
    let next_cursor = match conceals {
        true => next_cursor.map(|passed| passed.concealed(items.last().map(|post| post.id))),
        false => next_cursor,
    };
    Ok(Page { items, next_cursor })
}

/// A page without the rows that posts have left. These are few, so they are asked for only once some were read: with a
/// filter, more rows are read.
async fn described_rows(
    scope: &Scope,
    partition: &Partition,
    listing: Listing<'_>,
) -> Result<Page<Row, SortKey>, StoreError> {
    let Page { mut items, next_cursor } = scope.search(partition, listing.clone()).await?;
    items.retain(is_described);
    let missing = listing.limit.saturating_sub(items.len());
    if missing == 0 || next_cursor.is_none() || listing.filter.is_some() {
        return Ok(Page { items, next_cursor });
    }
    let filter = Some(Filter::of(&!Specification::leaf(()), |()| Test::Absent(STATUS)));
    let rest = Listing { cursor: next_cursor, limit: missing, filter, ..listing };
    let rest = scope.search(partition, rest).await?;
    items.extend(rest.items);
    Ok(Page { items, next_cursor: rest.next_cursor })
}

/// Reads a page of the posts that have a tag, of every status, the newest first.
pub(crate) async fn tagged(
    scope: &Scope,
    slug: &TagSlug,
    cursor: Option<PostCursor>,
    limit: usize,
) -> Result<Page<ListedPost, PostCursor>, StoreError> {
    let specification = Some(Specification::leaf(Criterion::Tag(slug.clone())));
    let cursor = cursor.map(SortKey::of);
    list(
        scope,
        Query { part: Part::All, specification, by_publication: false, conceals: false, cursor, limit },
    )
    .await
}

/// What lists know of these posts, by eventually consistent reads. Posts that no list has are left out.
pub(crate) async fn listed_of(scope: &Scope, ids: &[PostId]) -> Result<Vec<ListedPost>, StoreError> {
    let keys = ids.iter().map(|id| (POSTS.partition(), SortKey::of(id)));
    let rows = scope.get_all_eventually(keys).await?;
    rows.iter().filter(|row| is_described(row)).map(listed).collect()
}

/// The attributes of a live row. Its place by publication is in the index of that order alone if it is published.
pub(super) fn described(write: Write, Versioned { value: post, version }: &Versioned<Post>) -> Write {
    let Content { title, slug, tags, authors, is_featured, visibility, .. } = &post.content;
    let ids: Vec<String> = authors.iter().map(|id| id.to_string()).collect();
    let slugs: Vec<&str> = tags.iter().map(|tag| tag.slug.as_str()).collect();
    let mut write = write
        .at_version(*version)
        .text(TITLE, title.as_str())
        .text(SLUG, slug.as_str())
        .text(STATUS, post.stage.status().as_str())
        .text(VISIBILITY, visibility.as_str())
        .text(AUTHORS, ids.join(" "))
        .text(FOLDED, ListedPost::folded_title(title))
        .number(FEATURED, i64::from(*is_featured))
        .number(CHANGED_AT, post.changed_at.as_millisecond());
    if !slugs.is_empty() {
        write = write.text(TAGS, format!(" {} ", slugs.join(" ")));
    }
    let Some(time) = post.stage.time() else { return write };
    let write = write.number(TIME, time.as_millisecond());
    match post.is_live() {
        true => write.in_order(&Published::from(time).to_string()),
        false => write,
    }
}

/// Whether the row says something of a post, and not only that there is nothing to say any more.
pub(super) fn is_described(row: &Row) -> bool {
    row.has(STATUS)
}

fn test(criterion: &Criterion) -> Test {
    match criterion {
        Criterion::Status(status) => Test::Equals(STATUS, status.as_str().into()),
        Criterion::Author(user) => Test::Contains(AUTHORS, user.to_string().as_str().into()),
        Criterion::Tag(slug) => Test::Contains(TAGS, format!(" {slug} ").as_str().into()),
        Criterion::Time(order, at) => Test::Ordered(TIME, *order, at.as_millisecond().into()),
        Criterion::Title(how, searched) => Test::matches(*how, FOLDED, searched),
        Criterion::Visibility(visibility) => Test::Equals(VISIBILITY, visibility.as_str().into()),
        Criterion::Featured(is_featured) => Test::Equals(FEATURED, i64::from(*is_featured).into()),
    }
}

fn listed(row: &Row) -> Result<ListedPost, StoreError> {
    let time = |attribute| -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(row.number(attribute)?).map_err(StoreError::corrupt)
    };
    let ids = row.text(AUTHORS)?.split(' ').map(|id| id.parse().map_err(StoreError::corrupt));
    let ids: Vec<UserId> = ids.collect::<Result<_, _>>()?;
    let slugs = match row.has(TAGS) {
        true => {
            row.text(TAGS)?.split_whitespace().map(|slug| slug.parse().map_err(StoreError::corrupt)).collect()
        }
        false => Ok(Vec::new()),
    };
    Ok(ListedPost {
        id: row.id()?,
        title: row.text(TITLE)?.to_owned().try_into().map_err(StoreError::corrupt)?,
        slug: row.text(SLUG)?.parse().map_err(StoreError::corrupt)?,
        status: row.text(STATUS)?.parse().map_err(StoreError::corrupt)?,
        visibility: row.text(VISIBILITY)?.parse().map_err(StoreError::corrupt)?,
        is_featured: row.number::<u8>(FEATURED)? == 1,
        tags: slugs?,
        authors: ids.try_into().map_err(StoreError::corrupt)?,
        time: row.has(TIME).then(|| time(TIME)).transpose()?,
        changed_at: time(CHANGED_AT)?,
    })
}
