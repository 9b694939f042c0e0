//! The tags, each with its name and the number of published posts that have it.

use domain::post::Tag;
use domain::text::TagSlug;
use platform::table::namespace::content::TAGS;
use platform::table::{Attribute, Condition, Conflict, Scope, SortKey, StoreError, Write};

/// As the post that came last has spelled it.
const NAME: Attribute = Attribute::new("name");
const COUNT: Attribute = Attribute::new("count");

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
