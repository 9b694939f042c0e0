//! How moderators decide about comments, one by one or many at once.

use std::collections::BTreeMap;

use domain::comment::{Command, Comment, CommentStatus};
use domain::id::{CommentId, PostId};
use domain::{Version, Versioned};
use futures::stream::{StreamExt, iter};
use platform::http::{BulkResult, Call, Conditional, NoParameters, Problem, Reply};

use crate::requests::{ChosenStatus, CommentParameters, Moderation, ReadComment, ReadComments};
use crate::view::CommentView;
use crate::{refused, reply, store, visible};

/// How many posts' comments are decided on at the same time. Those of one post change one count.
const AT_ONCE: usize = 8;

/// Gives a comment another status.
pub async fn moderate(
    call: &Call<CommentParameters, ChosenStatus, Conditional>,
) -> Result<Reply<CommentView>, Problem> {
    let known = call.expect(visible(call, call.parameters.id).await?)?;
    let command = Command::Moderate(call.body.status);
    let decided = known.decide(|comment| comment.decide(command, call.stamp())).map_err(refused)?;
    let reply = reply(call, &decided.next).await?;
    store::commit(&call.store, &decided, &call.command_on(call.parameters.id, &reply)?).await?;
    Ok(reply)
}

/// Gives each of the comments another status by a transaction of its own.
pub async fn moderate_all(
    call: &Call<NoParameters, Moderation>,
) -> Result<Reply<BulkResult<CommentId>>, Problem> {
    let Moderation { comments: ReadComments(comments), status } = &call.body;
    let loads = comments.iter().map(|read| async move { (read.id, as_read(call, *read).await) });
    let loaded: Vec<_> = iter(loads.collect::<Vec<_>>()).buffered(AT_ONCE).collect().await;
    let mut outcomes = BTreeMap::new();
    let mut by_post: BTreeMap<PostId, Vec<Versioned<Comment>>> = BTreeMap::new();
    for (id, found) in loaded {
        match found {
            Ok(comment) => by_post.entry(comment.value.post).or_default().push(comment),
            Err(problem) => drop(outcomes.insert(id, Err(problem))),
        }
    }
    let work = by_post.into_values().map(|comments| one_by_one(call, comments, *status));
    let done: Vec<_> = iter(work.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).collect().await;
    outcomes.extend(done.into_iter().flatten());
    call.bulk_reply(comments.iter().filter_map(|read| outcomes.remove_entry(&read.id))).await
}

/// The comment, if it still says what the moderator has read: nobody decides about a text unseen.
async fn as_read(
    call: &Call<NoParameters, Moderation>,
    read: ReadComment,
) -> Result<Versioned<Comment>, Problem> {
    let found = visible(call, read.id).await?;
    match found.version == read.version {
        true => Ok(found),
        false => Err(Problem::conflict(format!(
            "The comment is at version {} now; read it again, and send that version if you still decide so.",
            found.version
        ))),
    }
}

async fn one_by_one(
    call: &Call<NoParameters, Moderation>,
    comments: Vec<Versioned<Comment>>,
    status: CommentStatus,
) -> Vec<(CommentId, Result<Version, Problem>)> {
    let mut outcomes = Vec::with_capacity(comments.len());
    for comment in comments {
        outcomes.push((comment.value.id, one(call, comment, status).await));
    }
    outcomes
}

async fn one(
    call: &Call<NoParameters, Moderation>,
    comment: Versioned<Comment>,
    status: CommentStatus,
) -> Result<Version, Problem> {
    let known = call.as_read(comment);
    let command = Command::Moderate(status);
    let decided = known.decide(|comment| comment.decide(command, call.stamp())).map_err(refused)?;
    store::commit(&call.store, &decided, &call.part()).await?;
    Ok(decided.next.version)
}
