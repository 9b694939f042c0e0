//! What other contexts may ask about posts.

use std::collections::BTreeSet;

use domain::id::PostId;
use domain::permission::Permission;
use domain::post::{Authors, Post, Stage};
use jiff::Timestamp;
use platform::http::{Call, Precondition, Problem};
use platform::table::{Scope, StoreError};

use crate::{access, store, visible};

/// What is told of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostFacts {
    pub id: PostId,
    pub authors: Authors,
    /// Since when it is published, if it is.
    pub live_since: Option<Timestamp>,
}

impl From<Post> for PostFacts {
    fn from(Post { id, content, stage, .. }: Post) -> Self {
        let live_since = match stage {
            Stage::Published(at) => Some(at),
            Stage::Draft | Stage::Scheduled(_) => None,
        };
        Self { id, authors: content.authors, live_since }
    }
}

/// The post as it is, whoever may see it: `None` if there is none any more.
pub async fn find(scope: &Scope, id: PostId) -> Result<Option<PostFacts>, StoreError> {
    Ok(store::load(scope, id).await?.map(|found| found.value.into()))
}

/// The post as it is, if the caller may read it whole.
pub async fn readable<P, B, C: Precondition>(call: &Call<P, B, C>, id: PostId) -> Result<PostFacts, Problem> {
    let post = visible(call, id).await?.value;
    match access::reads_whole(call.principal, &post) {
        true => Ok(post.into()),
        false => Err(Problem::lacks(Permission::PostsRead)),
    }
}

/// Whether the caller may read the post whole, by what the lists say of it, which is what it was a moment ago and costs the
/// same however long the post is. What they do not say yet, the post itself does.
pub async fn require_readable<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    id: PostId,
) -> Result<(), Problem> {
    let listed = store::listed_of(&call.store, &[id]).await?;
    match listed.first().is_some_and(|post| access::reads_listed_whole(call.principal, post)) {
        true => Ok(()),
        false => readable(call, id).await.map(drop),
    }
}

/// Those of the posts that the caller may read whole, as they were a moment ago.
pub async fn readable_of<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    ids: &[PostId],
) -> Result<BTreeSet<PostId>, StoreError> {
    let listed = store::listed_of(&call.store, ids).await?;
    let readable = listed.iter().filter(|post| access::reads_listed_whole(call.principal, post));
    Ok(readable.map(|post| post.id).collect())
}
