//! Posts: how they are written, published, found and listed, and who may see them.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod access;
mod bulk;
mod changing;
mod creating;
mod cursor;
mod listing;
mod markdown;
mod publishing;
pub mod questions;
mod reading;
mod requests;
mod retagging;
mod store;
mod summary;
mod tag_jobs;
mod tags;
mod view;

use domain::Versioned;
use domain::event::Aggregate;
use domain::id::PostId;
use domain::post::{Post, PostRefusal};
use platform::events::{Delivery, Failure};
use platform::http::{Call, Precondition, Problem, Reply};

use access::Sight;
pub use bulk::{publish_all, tag_all};
pub use changing::{delete, edit, publish, restore, unpublish};
pub use creating::create;
pub use listing::{ListParameters, PostPage, list};
pub use publishing::publish_scheduled;
pub use reading::{find, history, show};
pub use requests::{
    FindParameters, HistoryParameters, LARGEST_BODY, NewPost, PostChange, PostParameters, Publication,
    Publications, Restoration, Taggings,
};
pub use retagging::retag;
pub use tag_jobs::{
    NewTagName, TagJobParameters, TagJobView, TagMerge, TagParameters, merge as merge_tag,
    rename as rename_tag, show_job as show_tag_job,
};
pub use tags::{ListTagsParameters, TagView, list_tags};
pub use view::PostView;

/// Writes what the event's version of the post changes in the lists.
pub async fn project(delivery: &Delivery) -> Result<(), Failure> {
    let Aggregate::Post(id) = delivery.logged.aggregate else {
        return Err(Failure::Permanent("the event is not about a post".to_owned()));
    };
    store::project(&delivery.store, id, delivery.logged.version).await
}

/// The post, if the caller may see it.
async fn visible<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    id: PostId,
) -> Result<Versioned<Post>, Problem> {
    let found = store::load(&call.store, id).await?;
    let found = found.filter(|post| access::visible_to(call.principal, &post.value));
    found.ok_or_else(|| Problem::not_found("post"))
}

/// The post at its version, as the caller may see it.
async fn reply<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    post: &Versioned<Post>,
) -> Result<Reply<PostView>, Problem> {
    let sight = Sight::of(call.principal, &post.value);
    Ok(shown(call, post, sight).await?.version(post.version))
}

/// So much of the post, with the names of its authors.
async fn shown<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    post: &Versioned<Post>,
    sight: Sight,
) -> Result<Reply<PostView>, Problem> {
    let users = call.store.users().get_all_eventually(post.value.content.authors.iter()).await?;
    Ok(Reply::new(PostView::new(post, sight, &users)))
}

fn refused(refusal: PostRefusal) -> Problem {
    match refusal {
        PostRefusal::Published | PostRefusal::Draft => Problem::conflict(refusal.to_string()),
        PostRefusal::Past | PostRefusal::TooLate => Problem::invalid("/at", refusal),
    }
}
