//! Changes of many posts at once. Each is decided by itself, by its own commit and the caller's rights to it.

use domain::id::PostId;
use domain::post::{Command, ContentChanges, Post, Tag, Tags};
use domain::{Version, Versioned};
use futures::stream::{StreamExt, iter};
use platform::http::{Call, ItemProblem, NoParameters, Problem, Reply};
use platform::table::{Conflict, StoreError};
use platform::tenancy::Principal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::creating::require_room;
use crate::requests::{Publications, TagChange, Taggings};
use crate::{access, refused, store, visible};

/// How many posts are changed at the same time.
const AT_ONCE: usize = 8;
/// How often a post is read anew that somebody changes at the same moment.
const ATTEMPTS: usize = 4;

/// What has become of each post, in the order of the request.
#[derive(Serialize, JsonSchema)]
pub struct ChangedPosts {
    items: Vec<ChangedPost>,
}

/// The version that the post has now, or why it was not changed.
#[derive(Serialize, JsonSchema)]
struct ChangedPost {
    id: PostId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Version")]
    version: Option<Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ItemProblem")]
    problem: Option<ItemProblem>,
}

/// Who may do this to the post.
type Require = fn(Principal, &Post) -> Result<(), Problem>;

/// Publishes each post now.
pub async fn publish_all(call: &Call<NoParameters, Publications>) -> Result<Reply<ChangedPosts>, Problem> {
    let publish = |_: &Post| Ok(Some(Command::Publish));
    change_all(call, call.body.posts.iter(), access::require_publication, publish).await
}

/// Adds a tag to each post, or removes it.
pub async fn tag_all(call: &Call<NoParameters, Taggings>) -> Result<Reply<ChangedPosts>, Problem> {
    let named: Tags =
        vec![Tag::from(call.body.tag.clone())].try_into().map_err(|rule| Problem::invalid("/tag", rule))?;
    let present = store::resolved(&call.store, &named).await?;
    let tag = present.iter().next().ok_or_else(|| Problem::internal("a tag has no present name"))?;
    let retag = |post: &Post| {
        let before = &post.content.tags;
        let tags = match call.body.change {
            TagChange::Add => before.adding(tag).map_err(|rule| Problem::invalid("/tag", rule))?,
            TagChange::Remove => before.without(&tag.slug),
        };
        Ok((tags != *before).then(|| retagging(tags)))
    };
    change_all(call, call.body.posts.iter(), access::require_edit, retag).await
}

fn retagging(tags: Tags) -> Command {
    Command::Edit(Box::new(ContentChanges { tags: Some(tags), ..ContentChanges::default() }))
}

/// A receipt is committed behind all changes, so a request that is repeated after a failure tells of what it finds.
async fn change_all<B>(
    call: &Call<NoParameters, B>,
    posts: impl Iterator<Item = PostId>,
    require: Require,
    command: impl Fn(&Post) -> Result<Option<Command>, Problem> + Copy,
) -> Result<Reply<ChangedPosts>, Problem> {
    let changes = posts.map(|id| async move {
        let (version, problem) = match change(call, id, require, command).await {
            Ok(version) => (Some(version), None),
            Err(problem) => (None, Some(problem.of_item()?)),
        };
        Ok(ChangedPost { id, version, problem })
    });
    let outcomes: Vec<Result<ChangedPost, Problem>> = iter(changes).buffered(AT_ONCE).collect().await;
    let reply = Reply::new(ChangedPosts { items: outcomes.into_iter().collect::<Result<_, _>>()? });
    if let Some(receipt) = call.store.receipt_of(&call.command(&reply)?)? {
        call.store.commit(vec![receipt]).await?;
    }
    Ok(reply)
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
