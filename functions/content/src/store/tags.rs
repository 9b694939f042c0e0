//! The tags, each with its name and the number of published posts that have it.

use domain::post::Tag;
use domain::specification::{Order, Specification};
use domain::text::TagSlug;
use platform::table::namespace::content::TAGS;
use platform::table::{
    Attribute, Condition, Conflict, Filter, Listing, Page, Row, Scope, SortKey, StoreError, Test, Write,
};

/// As the post that came last has spelled it.
pub(super) const NAME: Attribute = Attribute::new("name");
const COUNT: Attribute = Attribute::new("count");

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

/// How many published posts have the tag.
pub(crate) async fn count(scope: &Scope, slug: &TagSlug) -> Result<u64, StoreError> {
    let row = scope.get_eventually(&TAGS.partition(), &SortKey::of(slug)).await?;
    row.map_or(Ok(0), |row| row.number(COUNT))
}

/// The write that counts more or fewer posts, with the name that the tag has now.
pub(super) fn counted(scope: &Scope, slug: &TagSlug, more: i64, named: Option<&Tag>) -> Write {
    let always = Condition::that("attribute_exists(pk) OR attribute_not_exists(pk)");
    let write = scope.write(&TAGS.partition(), SortKey::of(slug), always, Conflict::Contention);
    let write = write.update().add_number(COUNT, more);
    match named {
        Some(tag) => write.text(NAME, tag.name.as_str()),
        None => write,
    }
}
