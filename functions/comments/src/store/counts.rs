//! How many approved comments each post has. The count changes in the transaction that changes the comment.

use std::collections::BTreeMap;

use domain::comment::Comment;
use domain::id::PostId;
use platform::table::namespace::comments::COMMENT_COUNTS;
use platform::table::{Attribute, Condition, Conflict, Scope, SortKey, StoreError, Write};

const COUNT: Attribute = Attribute::new("count");

/// The counts as they were a moment ago, in one request. Posts without any comment are left out.
pub(crate) async fn counts(
    scope: &Scope,
    posts: impl IntoIterator<Item = PostId>,
) -> Result<BTreeMap<PostId, u64>, StoreError> {
    let keys = posts.into_iter().map(|post| (COMMENT_COUNTS.partition(), SortKey::of(post)));
    let rows = scope.get_all_eventually(keys).await?;
    rows.iter().map(|row| Ok((row.id()?, row.number(COUNT)?))).collect()
}

/// The write that counts a comment more or less; none if the count stays.
pub(super) fn change(scope: &Scope, before: Option<&Comment>, after: &Comment) -> Option<Write> {
    let more = match (before.is_some_and(Comment::is_approved), after.is_approved()) {
        (false, true) => 1,
        (true, false) => -1,
        _ => return None,
    };
    let condition = match more {
        1 => Condition::that("attribute_exists(pk) OR attribute_not_exists(pk)"),
        _ => Condition::with("#count >= :one", ":one", 1_u64),
    };
    let key = SortKey::of(after.post);
    let write = scope.write(&COMMENT_COUNTS.partition(), key, condition, Conflict::Contention);
    Some(write.update().add_number(COUNT, more))
}
