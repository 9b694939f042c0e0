//! Comments on posts: a plugin. How they are written, moderated, listed and counted, and who may see them.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod access;
mod cursor;
mod following;
mod listing;
mod moderating;
mod requests;
mod store;
mod view;
mod writing;

use domain::Versioned;
use domain::comment::{Comment, CommentRefusal, CommentRules};
use domain::id::CommentId;
use domain::permission::Permission;
use domain::plugin::{ConfigurationType, Manifest, PluginName, Release};
use domain::tier::Feature;
use platform::http::{Call, NoBody, Precondition, Problem, Reply};
use platform::plugins::Plugin;
use platform::table::StoreError;

pub use cursor::ThreadCursor;
pub use following::follow;
pub use listing::{count, list_on_post, list_own, list_queue};
pub use moderating::{moderate, moderate_all};
pub use requests::{
    ChosenStatus, CommentChange, CommentParameters, CountParameters, Moderation, NewCommentBody,
    OwnParameters, PostParameters, QueueParameters, ThreadParameters,
};
pub use view::{CommentPage, CommentView, CountsView, ThreadPage};
pub use writing::{create, delete, edit};

pub const MANIFEST: Manifest = Manifest {
    name: PluginName::of("comments"),
    release: Release::of(1, 0, 0),
    title: "Comments",
    needs: &[],
    permissions: &[Permission::CommentsWrite, Permission::CommentsModerate],
    feature: Some(Feature::Comments),
    configuration: ConfigurationType::of::<CommentRules>(),
};
pub const PLUGIN: Plugin = Plugin::of::<CommentRules>(&MANIFEST);

/// What the tenant has decided about comments.
async fn rules<P, B, C: Precondition>(call: &Call<P, B, C>) -> Result<CommentRules, StoreError> {
    call.store.plugins().configuration(&MANIFEST).await
}

/// The comment, if the caller may see it.
async fn visible<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    id: CommentId,
) -> Result<Versioned<Comment>, Problem> {
    let no_such = || Problem::not_found("comment");
    let found = store::load(&call.store, id).await?;
    let found =
        found.filter(|comment| access::visible_to(call.principal, &comment.value)).ok_or_else(no_such)?;
    if !access::sees_without_the_post(call.principal, &found.value) {
        let post = content::questions::require_readable(call, found.value.post).await;
        // Of a post that the caller may not read, not even the comments are told.
        post.map_err(|problem| if [403, 404].contains(&problem.status()) { no_such() } else { problem })?;
    }
    Ok(found)
}

/// Shows one comment, by which a notification finds it.
pub async fn find(call: &Call<CommentParameters, NoBody>) -> Result<Reply<CommentView>, Problem> {
    let comment = visible(call, call.parameters.id).await?;
    // The name of the author changes without another version of the comment.
    Ok(shown(call, &comment).await?.version_beside_others(comment.version))
}

/// Shows a comment that was written by an earlier request with the same key.
pub async fn show<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    id: CommentId,
) -> Result<Reply<CommentView>, Problem> {
    reply(call, &visible(call, id).await?).await
}

/// The comment at its version.
async fn reply<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    comment: &Versioned<Comment>,
) -> Result<Reply<CommentView>, Problem> {
    Ok(shown(call, comment).await?.version(comment.version))
}

async fn shown<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    comment: &Versioned<Comment>,
) -> Result<Reply<CommentView>, Problem> {
    let users = call.store.users().get_all_eventually([comment.value.author]).await?;
    Ok(Reply::new(CommentView::whole(comment, &users)))
}

fn refused(refusal: CommentRefusal) -> Problem {
    match refusal {
        CommentRefusal::NotPublished
        | CommentRefusal::Closed(_)
        | CommentRefusal::Deleted
        | CommentRefusal::Spam
        | CommentRefusal::Already(_) => Problem::conflict(refusal.to_string()),
    }
}
