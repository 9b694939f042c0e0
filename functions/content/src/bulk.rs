//! Changes of many posts at once. Each is decided by itself, by its own commit and the caller's rights to it.

use domain::id::PostId;
use domain::post::{Command, ContentChanges, Post, Tag, Tags};
use domain::{Version, Versioned};
use futures::stream::{StreamExt, iter};
use platform::http::{BulkResult, Call, NoParameters, Problem, Reply};
use platform::table::{Conflict, StoreError};
use platform::tenancy::Principal;

use crate::creating::require_room;
use crate::requests::{Publications, TagChange, Taggings};
use crate::{access, refused, store, visible};

/// How many posts are changed at the same time.
const AT_ONCE: usize = 8;
/// How often a post is read anew that somebody changes at the same moment.
const ATTEMPTS: usize = 4;

/// Who may do this to the post.
type Require = fn(Principal, &Post) -> Result<(), Problem>;

/// Publishes each post now.
pub async fn publish_all(
    call: &Call<NoParameters, Publications>,
) -> Result<Reply<BulkResult<PostId>>, Problem> {
    let publish = |_: &Post| Ok(Some(Command::Publish));
    change_all(call, call.body.posts.iter(), access::require_publication, publish).await
}

/// Adds a tag to each post, or removes it.
pub async fn tag_all(call: &Call<NoParameters, Taggings>) -> Result<Reply<BulkResult<PostId>>, Problem> {
    let named: Tags =
        vec![Tag::from(call.body.tag.clone())].try_into().map_err(|rule| Problem::invalid("/tag", rule))?;
    let present = store::resolved(&call.store, &named).await?;
    let tag = present.iter().next().ok_or_else(|| Problem::internal("a tag has no present name"))?;
    let retag = |post: &Post| {
        let before = &post.content.tags;
        let tags = match call.body.change {
            TagChange::Add => before.adding(tag).map_err(|rule| Problem::invalid("/tag", rule))?,
            // While a job renames it, posts have it by either name.
            TagChange::Remove => before.without(&tag.slug).without(&call.body.tag.slug()),
        };
        Ok((tags != *before).then(|| retagging(tags)))
    };
    change_all(call, call.body.posts.iter(), access::require_edit, retag).await
}

fn retagging(tags: Tags) -> Command {
    Command::Edit(Box::new(ContentChanges { tags: Some(tags), ..ContentChanges::default() }))
}

async fn change_all<B>(
    call: &Call<NoParameters, B>,
    posts: impl Iterator<Item = PostId>,
    require: Require,
    command: impl Fn(&Post) -> Result<Option<Command>, Problem> + Copy,
) -> Result<Reply<BulkResult<PostId>>, Problem> {
    let changes = posts.map(|id| async move { (id, change(call, id, require, command).await) });
    let outcomes: Vec<_> = iter(changes).buffered(AT_ONCE).collect().await;
    call.bulk_reply(outcomes).await
}

/// Changes a post as it is read now. Without a command, nothing is left to do.
async fn change<B>(
    call: &Call<NoParameters, B>,
    id: PostId,
    require: Require,
    command: impl Fn(&Post) -> Result<Option<Command>, Problem>,
) -> Result<Version, Problem> {
    for _ in 0..ATTEMPTS {
        let found: Versioned<Post> = visible(call, id).await?;
        require(call.principal, &found.value)?;
        let Some(command) = command(&found.value)? else { return Ok(found.version) };
        let decided =
            call.as_read(found).decide(|post| post.decide(command, call.stamp())).map_err(refused)?;
        require_room(&decided.next.value)?;
        match store::commit(&call.store, &decided, &call.part()).await {
            Err(StoreError::Conflict(Conflict::Version)) => {}
            outcome => return Ok(outcome.map(|()| decided.next.version)?),
        }
    }
    Err(StoreError::Conflict(Conflict::Contention).into())
}
