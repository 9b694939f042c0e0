//! By which slugs posts are found. A post keeps its slugs of before until another post is given one of them by name.

use domain::id::PostId;
use domain::post::Post;
use domain::text::PostSlug;
use platform::table::namespace::content::SLUGS;
use platform::table::{Attribute, Condition, Conflict, Scope, SortKey, StoreError, Write};

/// A slug whose post was deleted is of none.
const OF_POST: Attribute = Attribute::new("postId");
/// Of the slug that its post has now. Nobody else can take it.
const IS_PRESENT: Attribute = Attribute::new("isPresent");

/// How a post comes to its slug.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Claim {
    /// Somebody has chosen it, and it may be one that another post has had before.
    Chosen,
    /// It follows from the title, and must not turn links to another post into links to this one.
    Derived,
}

/// The post that has or had the slug.
pub(crate) async fn find(scope: &Scope, slug: &PostSlug) -> Result<Option<PostId>, StoreError> {
    let row = scope.get(&SLUGS.partition(), &SortKey::of(slug)).await?;
    let of_post = row.filter(|row| row.has(OF_POST));
    of_post.map(|row| row.text(OF_POST)?.parse().map_err(StoreError::corrupt)).transpose()
}

/// Those of the slugs that no post has or has had, in their order.
pub(crate) async fn free(scope: &Scope, slugs: &[PostSlug]) -> Result<Vec<PostSlug>, StoreError> {
    let rows = scope.get_all(&SLUGS.partition(), slugs.iter().map(SortKey::of)).await?;
    let mut taken = Vec::new();
    for row in rows.iter().filter(|row| row.has(OF_POST)) {
        taken.push(row.sort_key()?);
    }
    Ok(slugs.iter().filter(|slug| !taken.contains(&SortKey::of(slug))).cloned().collect())
}

/// The writes by which a post changes its slug; none if it stays.
pub(super) fn moves(scope: &Scope, before: &Post, after: &Post) -> Vec<Write> {
    let (former, slug) = (&before.content.slug, &after.content.slug);
    match former == slug {
        true => Vec::new(),
        false => {
            let left = own(scope, before.id, former).text(OF_POST, before.id.to_string());
            vec![take(scope, after, Claim::Chosen), left]
        }
    }
}

pub(super) fn take(scope: &Scope, post: &Post, claim: Claim) -> Write {
    let is_free = match claim {
        Claim::Chosen => "attribute_not_exists(pk) OR attribute_not_exists(isPresent)",
        Claim::Derived => "attribute_not_exists(pk) OR attribute_not_exists(postId)",
    };
    let (key, is_taken) = (SortKey::of(&post.content.slug), Conflict::Exists("slug"));
    let write = scope.write(&SLUGS.partition(), key, Condition::that(is_free), is_taken);
    write.text(OF_POST, post.id.to_string()).number(IS_PRESENT, 1)
}

/// The write by which the slug is of no post any more.
pub(super) fn release(scope: &Scope, post: &Post) -> Write {
    own(scope, post.id, &post.content.slug)
}

fn own(scope: &Scope, post: PostId, slug: &PostSlug) -> Write {
    let is_own = Condition::with("postId = :post", ":post", post.to_string().as_str());
    scope.write(&SLUGS.partition(), SortKey::of(slug), is_own, Conflict::Version)
}
