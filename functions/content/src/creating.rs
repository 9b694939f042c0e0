//! How posts begin.

use domain::id::{PostId, UserId};
use domain::permission::Permission;
use domain::post::{Authors, Body, Content, Post};
use domain::text::{Markdown, PostSlug};
use platform::http::{Call, NoParameters, Precondition, Problem, Reply};
use platform::new_id;
use platform::table::{Conflict, Decided, StoreError};

use crate::requests::NewPost;
use crate::store::Claim;
use crate::view::PostView;
use crate::{markdown, reply, store};

/// How often the next free slug is looked for, when others take it meanwhile.
const ATTEMPTS: usize = 4;

pub async fn create(call: &Call<NoParameters, NewPost>) -> Result<Reply<PostView>, Problem> {
    let request = &call.body;
    let authors = authors(call, request.authors.as_ref()).await?;
    let body = body(request.markdown.clone())?;
    let tags = store::resolved(&call.store, &request.tags.0).await?;
    let id = new_id(PostId::from_uuid);
    let (claim, mut slugs) = match &request.slug {
        Some(chosen) => (Claim::Chosen, vec![chosen.clone()]),
        None => (Claim::Derived, PostSlug::derived(&request.title, id)),
    };
    for attempt in 1..=ATTEMPTS {
        // Many posts of one title that are made at once all want the same number next, but the last slug is its own.
        let slug = if attempt == ATTEMPTS { slugs.last() } else { slugs.first() };
        let Some(slug) = slug else { break };
        let content = Content {
            title: request.title.clone(),
            slug: slug.clone(),
            body: body.clone(),
            excerpt: request.excerpt.clone(),
            tags: tags.clone(),
            authors: authors.clone(),
            is_featured: request.featured,
            seo: request.seo.clone(),
            visibility: request.visibility,
        };
        let decided = Decided::first(Post::create(id, content, call.stamp()));
        require_room(&decided.next.value)?;
        let reply = reply(call, &decided.next).await?.at(format!("/posts/{id}"));
        match store::create(&call.store, &decided, claim, &call.command_on(id, &reply)?).await {
            Err(StoreError::Conflict(Conflict::Exists(_))) if request.slug.is_none() => {
                slugs = store::free(&call.store, &slugs[1..]).await?;
            }
            outcome => return outcome.map(|()| reply).map_err(Problem::from),
        }
    }
    Err(StoreError::Conflict(Conflict::Contention).into())
}

/// The named authors, or else who calls. To name others takes the permission to manage posts.
async fn authors<B>(call: &Call<NoParameters, B>, asked: Option<&Authors>) -> Result<Authors, Problem> {
    let own = Authors::from(call.principal.user());
    match asked {
        None => Ok(own),
        Some(asked) if *asked == own => Ok(own),
        Some(asked) => require_authors(call, asked).await.map(|()| asked.clone()),
    }
}

/// The caller may name authors, and all of them are users of the tenant.
pub(crate) async fn require_authors<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    authors: &Authors,
) -> Result<(), Problem> {
    if !call.principal.may(Permission::PostsManage) {
        return Err(Problem::lacks(Permission::PostsManage));
    }
    let ids: Vec<UserId> = authors.iter().collect();
    let users = call.store.users().get_all_eventually(ids.iter().copied()).await?;
    let unknown = ids.iter().enumerate().filter(|(_, id)| !users.contains_key(id));
    let unknown = unknown
        .map(|(index, _)| Err::<(), _>(Problem::invalid(format!("/authors/{index}"), "must be a user")));
    Problem::collect(unknown).map(drop)
}

pub(crate) fn body(markdown: Markdown) -> Result<Body, Problem> {
    markdown::render(markdown).map_err(|refused| Problem::invalid("/markdown", refused))
}

pub(crate) fn require_room(post: &Post) -> Result<(), Problem> {
    match store::fits(post)? {
        true => Ok(()),
        false => Err(Problem::invalid(
            "/markdown",
            "must be shorter: text without repetitions takes more room than words",
        )),
    }
}
