//! The tags, each with its name and the number of published posts that have it.

use domain::post::Tag;
use domain::specification::{Order, Specification};
use domain::text::TagSlug;
use platform::table::namespace::content::TAGS;
use platform::table::{
    Attribute, Condition, Conflict, Filter, Listing, Page, Row, Scope, SortKey, StoreError, Test, Write,
};

use super::lists::tagged;
use super::load;

/// As the post that came last has spelled it.
pub(super) const NAME: Attribute = Attribute::new("name");
const COUNT: Attribute = Attribute::new("count");

/// How many pages of up to 500 posts are looked through for the tags of drafts.
const PAGES: usize = 4;

/// A tag, and how many published posts have it.
pub(crate) struct CountedTag {
    pub(crate) tag: Tag,
    pub(crate) posts: u64,
}

/// Reads a page by slug, eventually consistent. Tags that no published post has any more keep their rows, and are left
/// out.
pub(crate) async fn list(
    scope: &Scope,
    cursor: Option<&TagSlug>,
    limit: usize,
) -> Result<Page<CountedTag, TagSlug>, StoreError> {
    let has_posts =
        Filter::of(&Specification::leaf(()), |()| Test::Ordered(COUNT, Order::Above, 0_u64.into()));
    let listing = Listing {
        ascending: true,
        cursor: cursor.map(SortKey::of),
        limit,
        filter: Some(has_posts),
        ..Listing::default()
    };
    scope.search(&TAGS.partition(), listing).await?.read(counted_tag)
}

fn counted_tag(row: &Row) -> Result<CountedTag, StoreError> {
    let name = row.text(NAME)?.to_owned().try_into().map_err(StoreError::corrupt)?;
    Ok(CountedTag { tag: Tag { slug: row.id()?, name }, posts: row.number(COUNT)? })
}

/// The tag, if published posts have it.
pub(crate) async fn find(scope: &Scope, slug: &TagSlug) -> Result<Option<Tag>, StoreError> {
    let row = scope.get_eventually(&TAGS.partition(), &SortKey::of(slug)).await?;
    let found = row.as_ref().map(counted_tag).transpose()?;
    Ok(found.filter(|found| found.posts > 0).map(|found| found.tag))
}

/// Whether any post has a tag.
pub(crate) enum Known {
    Tag(Tag),
    No,
    /// There are more posts than were looked through.
    Perhaps,
}

/// The tag, if any post has it. Who asks has to be allowed to see drafts.
pub(crate) async fn find_of_any(scope: &Scope, slug: &TagSlug) -> Result<Known, StoreError> {
    match find(scope, slug).await? {
        None => of_drafts(scope, slug).await,
        Some(tag) => Ok(Known::Tag(tag)),
    }
}

/// The tag as the newest post spells it that has it. Nothing counts the tags of drafts, so the newest posts are looked
/// through.
async fn of_drafts(scope: &Scope, slug: &TagSlug) -> Result<Known, StoreError> {
    let mut cursor = None;
    for _ in 0..PAGES {
        let page = tagged(scope, slug, cursor, 1).await?;
        for listed in &page.items {
            let found = load(scope, listed.id).await?;
            let found =
                found.and_then(|post| post.value.content.tags.iter().find(|tag| tag.slug == *slug).cloned());
            if let Some(tag) = found {
                return Ok(Known::Tag(tag));
            }
        }
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return Ok(Known::No),
        }
    }
    Ok(Known::Perhaps)
}

/// How many published posts have the tag.
pub(crate) async fn count(scope: &Scope, slug: &TagSlug) -> Result<u64, StoreError> {
    let row = scope.get_eventually(&TAGS.partition(), &SortKey::of(slug)).await?;
    row.map_or(Ok(0), |row| row.number(COUNT))
}

/// The write that counts more or fewer posts, with the name that the tag has now.
pub(super) fn counted(scope: &Scope, slug: &TagSlug, more: i64, named: Option<&Tag>) -> Write {
    let write = scope.write(&TAGS.partition(), SortKey::of(slug), Condition::always(), Conflict::Contention);
    let write = write.update().add_number(COUNT, more);
    match named {
        Some(tag) => write.text(NAME, tag.name.as_str()),
        None => write,
    }
}
