//! How comments are written, changed and deleted by those who have written them.

use domain::comment::{Command, Comment, CommentRules, NewComment};
use domain::id::{CommentId, PostId};
use domain::text::CommentText;
use futures::try_join;
use platform::http::{Call, Conditional, NoBody, Precondition, Problem, Reply};
use platform::new_id;
use platform::table::Decided;

use crate::requests::{CommentChange, CommentParameters, NewCommentBody, PostParameters};
use crate::view::CommentView;
use crate::{access, refused, reply, rules, store, visible};

pub async fn create(call: &Call<PostParameters, NewCommentBody>) -> Result<Reply<CommentView>, Problem> {
    let NewCommentBody { body, reply_to } = &call.body;
    // Whoever may not see the post is told nothing else of the request.
    let rules = open(call, call.parameters.id).await?;
    admit(&rules, body)?;
    let root = thread_of(call, call.parameters.id, *reply_to).await?;
    let id = new_id(CommentId::from_uuid);
    let (post, author) = (call.parameters.id, call.principal.user());
    let new = NewComment { id, post, root, author, text: body.clone() };
    let decided = Decided::first(Comment::post(new, waits(call, &rules), call.stamp()));
    let reply = reply(call, &decided.next).await?.at(format!("/comments/{id}"));
    store::commit(&call.store, &decided, &call.command_on(id, &reply)?).await?;
    Ok(reply)
}

/// The rules, if comments on the post may be written now.
async fn open<P, B, C: Precondition>(call: &Call<P, B, C>, post: PostId) -> Result<CommentRules, Problem> {
    let (post, rules) =
        try_join!(content::questions::readable(call, post), async { Ok(rules(call).await?) })?;
    rules.require_open(post.live_since, call.now()).map_err(refused)?;
    Ok(rules)
}

/// The root of the thread that the reply joins.
async fn thread_of<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    post: PostId,
    reply_to: Option<CommentId>,
) -> Result<Option<CommentId>, Problem> {
    let Some(target) = reply_to else { return Ok(None) };
    let found = store::load(&call.store, target).await?.map(|found| found.value);
    let found = found.filter(|comment| comment.post == post && comment.is_approved());
    match found {
        Some(comment) => Ok(Some(comment.thread())),
        None => Err(Problem::invalid("/replyTo", "must be an approved comment on this post")),
    }
}

fn admit(rules: &CommentRules, text: &CommentText) -> Result<(), Problem> {
    rules.admit(text).map_err(|refusal| Problem::invalid("/body", refusal))
}

/// Whether what the caller writes waits for a moderator.
fn waits<P, B, C: Precondition>(call: &Call<P, B, C>, rules: &CommentRules) -> bool {
    rules.premoderation && !access::is_moderator(call.principal)
}

type Changing<B> = Call<CommentParameters, B, Conditional>;

/// Changes one's own comment, as long as comments on its post may be written.
pub async fn edit(call: &Changing<CommentChange>) -> Result<Reply<CommentView>, Problem> {
    let found = visible(call, call.parameters.id).await?;
    access::require_own(call.principal, &found.value)?;
    let known = call.expect(found)?;
    let rules = open(call, known.post).await?;
    let text = call.body.body.clone();
    admit(&rules, &text)?;
    let command = Command::Edit { text, waits: waits(call, &rules) };
    let decided = known.decide(|comment| comment.decide(command, call.stamp())).map_err(refused)?;
    let reply = reply(call, &decided.next).await?;
    store::commit(&call.store, &decided, &call.command_on(call.parameters.id, &reply)?).await?;
    Ok(reply)
}

pub async fn delete(call: &Changing<NoBody>) -> Result<Reply<()>, Problem> {
    let found = visible(call, call.parameters.id).await?;
    access::require_own_or_moderator(call.principal, &found.value)?;
    let known = call.expect(found)?;
    let decided = known.decide(|comment| comment.decide(Command::Delete, call.stamp())).map_err(refused)?;
    let reply = Reply::nothing();
    store::commit(&call.store, &decided, &call.command(&reply)?).await?;
    Ok(reply)
}
