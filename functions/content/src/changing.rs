//! How posts change.

use domain::post::{Command, Content, ContentChanges, Post};
use futures::future::OptionFuture;
use platform::http::{Call, Conditional, NoBody, Problem, Reply};
use platform::table::Known;
use platform::tenancy::Principal;

use crate::creating::{body, require_authors, require_room};
use crate::requests::{PostChange, PostParameters, Publication, Restoration};
use crate::view::PostView;
use crate::{access, refused, reply, store, visible};

type Changing<B> = Call<PostParameters, B, Conditional>;

pub async fn edit(call: &Changing<PostChange>) -> Result<Reply<PostView>, Problem> {
    let known = known(call, access::require_edit).await?;
    let change = &call.body;
    // Who sends back the authors that are there changes none.
    let authors = change.authors.clone().filter(|authors| *authors != known.content.authors);
    if let Some(authors) = &authors {
        require_authors(call, authors).await?;
    }
    let tags = change.tags.as_ref().map(|tags| store::resolved(&call.store, &tags.0));
    let tags = OptionFuture::from(tags).await.transpose()?;
    let changes = ContentChanges {
        title: change.title.clone(),
        slug: change.slug.clone(),
        body: change.markdown.clone().map(body).transpose()?,
        excerpt: change.excerpt.clone(),
        tags,
        authors,
        is_featured: change.featured,
        seo: change.seo.clone(),
        visibility: change.visibility,
    };
    decide(call, known, Command::Edit(Box::new(changes))).await
}

/// Publishes the post now, or at the time that the request names.
pub async fn publish(call: &Changing<Publication>) -> Result<Reply<PostView>, Problem> {
    let known = known(call, access::require_publication).await?;
    let command = call.body.at().map_or(Command::Publish, Command::Schedule);
    decide(call, known, command).await
}

/// Makes the post a draft again.
pub async fn unpublish(call: &Changing<NoBody>) -> Result<Reply<PostView>, Problem> {
    let known = known(call, access::require_publication).await?;
    decide(call, known, Command::Unpublish).await
}

/// Brings back what the post said at a version.
pub async fn restore(call: &Changing<Restoration>) -> Result<Reply<PostView>, Problem> {
    let known = known(call, access::require_edit).await?;
    let version = call.body.version;
    let then = store::load_at(&call.store, call.parameters.id, version).await?;
    let then = then.ok_or_else(|| Problem::invalid("/version", "must be a version of the post"))?;
    let content = then.value.content;
    let tags = store::resolved(&call.store, &content.tags).await?;
    decide(call, known, Command::Restore(Box::new(Content { tags, ..content }), version)).await
}

pub async fn delete(call: &Changing<NoBody>) -> Result<Reply<()>, Problem> {
    let known = known(call, access::require_edit).await?;
    let decided = known.decide(|post| Ok::<_, Problem>(post.delete(call.stamp())))?;
    let reply = Reply::nothing();
    store::delete(&call.store, &decided, &call.command(&reply)?).await?;
    Ok(reply)
}

/// The post at the version that the client has read, if the caller may do this to it.
async fn known<B>(
    call: &Changing<B>,
    require: fn(Principal, &Post) -> Result<(), Problem>,
) -> Result<Known<Post>, Problem> {
    let found = visible(call, call.parameters.id).await?;
    require(call.principal, &found.value)?;
    call.expect(found)
}

async fn decide<B>(
    call: &Changing<B>,
    known: Known<Post>,
    command: Command,
) -> Result<Reply<PostView>, Problem> {
    let decided = known.decide(|post| post.decide(command, call.stamp())).map_err(refused)?;
    require_room(&decided.next.value)?;
    let reply = reply(call, &decided.next).await?;
    store::commit(&call.store, &decided, &call.command_on(call.parameters.id, &reply)?).await?;
    Ok(reply)
}
