//! How posts are shown.

use domain::Version;
use domain::id::PostId;
use platform::http::{Call, EventView, NoBody, Precondition, Problem, Reply, StatusCode, VersionParameter};
use platform::table::Page;

use crate::access::{Sight, is_of_its_makers};
use crate::requests::{FindParameters, HistoryParameters, PostKey};
use crate::view::PostView;
use crate::{reply, shown, store, visible};

/// Shows a post, as it is or at a version, by its id or a slug. By a slug of before, the answer says where the post is
/// now.
pub async fn find(call: &Call<FindParameters, NoBody>) -> Result<Reply<PostView>, Problem> {
    let id = match &call.parameters.id {
        PostKey::Id(id) => *id,
        PostKey::Slug(slug) => {
            let found = store::find(&call.store, slug).await?;
            found.ok_or_else(|| Problem::not_found("post"))?
        }
    };
    let post = visible(call, id).await?;
    let sight = Sight::of(call.principal, &post.value);
    if let Some(version) = call.parameters.version.map(VersionParameter::get) {
        if !is_of_its_makers(call.principal, &post.value) {
            return Err(Problem::forbidden("What a post said before is for its authors and editors."));
        }
        let then = store::load_at(&call.store, id, version).await?;
        let then = then.ok_or_else(|| {
            Problem::not_found(&format!("version of the post; it is at version {}", post.version))
        })?;
        // Its authors of now read all that it has said, also from before they were.
        return Ok(shown(call, &then, sight).await?.version_beside_others(version));
    }
    // The names of authors change without another version of the post.
    let found = shown(call, &post, sight).await?.version_beside_others(post.version);
    let slug = &post.value.content.slug;
    match &call.parameters.id {
        PostKey::Slug(former) if former != slug => {
            Ok(found.at(format!("/posts/{slug}")).with_status(StatusCode::MOVED_PERMANENTLY))
        }
        _ => Ok(found),
    }
}

/// Shows a post that was changed by an earlier request with the same key.
pub async fn show<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    id: PostId,
) -> Result<Reply<PostView>, Problem> {
    reply(call, &visible(call, id).await?).await
}

/// Lists the events of a post, oldest first, for its authors and editors.
pub async fn history(call: &Call<HistoryParameters, NoBody>) -> Result<Page<EventView, Version>, Problem> {
    let HistoryParameters { id, limit, cursor } = call.parameters;
    let post = visible(call, id).await?;
    if !is_of_its_makers(call.principal, &post.value) {
        return Err(Problem::forbidden("What has happened to a post is for its authors and editors."));
    }
    let page = store::history(&call.store, id, cursor.map(VersionParameter::get), limit.get()).await?;
    Ok(EventView::page(page))
}
