//! By which slugs posts are found. A post keeps its slugs of before until another post takes one of them.

use domain::id::PostId;
use domain::post::Post;
use domain::text::PostSlug;
use platform::table::namespace::content::SLUGS;
use platform::table::{Attribute, Condition, Conflict, Scope, SortKey, StoreError, Write};

const OF_POST: Attribute = Attribute::new("postId");
/// Of the slug that its post has now. Nobody else can take it.
const IS_PRESENT: Attribute = Attribute::new("isPresent");

/// The post that has or had the slug.
pub(crate) async fn find(scope: &Scope, slug: &PostSlug) -> Result<Option<PostId>, StoreError> {
    let row = scope.get(&SLUGS.partition(), &SortKey::of(slug)).await?;
    row.map(|row| row.text(OF_POST)?.parse().map_err(StoreError::corrupt)).transpose()
}

/// Those of the slugs that no post has at present, in their order.
pub(crate) async fn free(scope: &Scope, slugs: &[PostSlug]) -> Result<Vec<PostSlug>, StoreError> {
    let rows = scope.get_all(&SLUGS.partition(), slugs.iter().map(SortKey::of)).await?;
    let mut taken = Vec::new();
    for row in rows.iter().filter(|row| row.has(IS_PRESENT)) {
        taken.push(row.sort_key()?);
    }
    Ok(slugs.iter().filter(|slug| !taken.contains(&SortKey::of(slug))).cloned().collect())
}

/// The writes by which a post changes its slug; none if it stays.
pub(super) fn moves(scope: &Scope, before: Option<&Post>, after: Option<&Post>) -> Vec<Write> {
    let slug = |post: &Post| post.content.slug.clone();
    if before.map(slug) == after.map(slug) {
        return Vec::new();
    }
    let taken = after.map(|post| take(scope, post.id, &post.content.slug));
    let left = before.map(|post| leave(scope, post.id, &post.content.slug));
    taken.into_iter().chain(left).collect()
}

fn take(scope: &Scope, post: PostId, slug: &PostSlug) -> Write {
    let is_free = Condition::that("attribute_not_exists(pk) OR attribute_not_exists(isPresent)");
    let write = scope.write(&SLUGS.partition(), SortKey::of(slug), is_free, Conflict::Exists("slug"));
    write.text(OF_POST, post.to_string()).number(IS_PRESENT, 1)
}

fn leave(scope: &Scope, post: PostId, slug: &PostSlug) -> Write {
    let id = post.to_string();
    let is_own = Condition::with("postId = :post", ":post", id.as_str());
    scope.write(&SLUGS.partition(), SortKey::of(slug), is_own, Conflict::Version).text(OF_POST, id)
}
