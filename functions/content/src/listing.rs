//! Lists of posts: which partition answers a filter, and what of it the caller may see.

use domain::permission::Permission;
use domain::post::{Criterion, ListedPost, PostFilter, PostOrder, PostStatus};
use domain::specification::{Node, Specification};
use futures::future::OptionFuture;
use futures::try_join;
use platform::http::{Call, Flag, Limit, NoBody, Problem};
use platform::tenancy::Principal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cursor::PostCursor;
use crate::store::{self, Part, Query};
use crate::summary::PostSummary;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<PostCursor>,
    /// Only posts of which this holds: a subset of NQL, Ghost's language. `+` is and, `,` is or, and parentheses group. A
    /// term is a field, `:` and a value, such as `tag:news`. Before the value may stand `-` for not; `~` for contains and
    /// `~^` for begins with, of `title`; `>`, `>=`, `<` or `<=`, of `publishedAt`, which is the time of a scheduled
    /// publication too. A list such as `tag:[news,steps]` is one of these. Authors are ids of users, tags are slugs. Texts
    /// with other characters stand in `'`. In a URL, `+` is written `%2B`, and a space is and, too.
    filter: Option<PostFilter>,
    /// `published` lists published posts, the newest publication first; `created` lists all that the caller may see. Where
    /// it is left out, it is `created` if the filter names a status of posts that are not published, or asks for those
    /// that are not `published`.
    order: Option<PostOrder>,
    /// Whether to tell how many posts there are on all pages. Only published posts of one tag are counted.
    total: Option<Flag>,
}

/// A page of posts. With a filter, or where many posts were deleted, few may be on a page that is not the last.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PostPage {
    items: Vec<PostSummary>,
    /// The parameter `cursor` of the next page. The last page has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<PostCursor>,
    /// How many posts there are on all pages, if that was asked for and is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

pub async fn list(call: &Call<ListParameters, NoBody>) -> Result<PostPage, Problem> {
    let ListParameters { limit, cursor, filter, order, total } = &call.parameters;
    let asked = filter.as_ref().map(PostFilter::specification);
    let by_publication = order.unwrap_or_else(|| default_order(asked)) == PostOrder::Published;
    let position = cursor.as_ref().map(|cursor| cursor.position(by_publication)).transpose();
    let cursor = position.map_err(|rule| Problem::invalid("/cursor", rule))?;
    let (part, specification) = plan(asked.cloned(), by_publication, call.principal);
    let counted = match (&part, &specification) {
        (Part::Tag(slug), None) if total.is_some_and(Flag::is_set) => Some(slug.clone()),
        _ => None,
    };
    let count = OptionFuture::from(counted.as_ref().map(|slug| store::count(&call.store, slug)));
    let conceals = conceals(call.principal, by_publication, &part);
    let query = Query { part, specification, by_publication, conceals, cursor, limit: limit.get() };
    let (page, total) = try_join!(store::list(&call.store, query), async { count.await.transpose() })?;
    let authors = page.items.iter().flat_map(|post: &ListedPost| post.authors.iter());
    let users = call.store.users().get_all_eventually(authors).await?;
    let page = page.map(|post| PostSummary::new(post, &users));
    Ok(PostPage { items: page.items, next_cursor: page.next_cursor, total })
}

fn default_order(asked: Option<&Specification<Criterion>>) -> PostOrder {
    match asked.is_some_and(|asked| names_unpublished(asked, false)) {
        true => PostOrder::Created,
        false => PostOrder::Published,
    }
}

fn names_unpublished(asked: &Specification<Criterion>, is_negated: bool) -> bool {
    match asked.node() {
        Node::Leaf(Criterion::Status(PostStatus::Published)) => is_negated,
        Node::Leaf(Criterion::Status(PostStatus::Draft | PostStatus::Scheduled)) => true,
        Node::Leaf(_) => false,
        Node::All(parts) | Node::Any(parts) => parts.iter().any(|part| names_unpublished(part, is_negated)),
        Node::Not(part) => names_unpublished(part, !is_negated),
    }
}

/// The part of the posts that is read, which is the smallest that has all that is asked for, and what is asked of its
/// rows, the caller's visibility last.
fn plan(
    asked: Option<Specification<Criterion>>,
    by_publication: bool,
    principal: Principal,
) -> (Part, Option<Specification<Criterion>>) {
    let part = part(asked.as_ref(), by_publication);
    // What holds of all rows that are read.
    let of_part = match &part {
        Part::Tag(slug) => Some(Criterion::Tag(slug.clone())),
        Part::Author(user) => Some(Criterion::Author(*user)),
        Part::Status(status) => Some(Criterion::Status(*status)),
        Part::All => None,
    };
    let of_order = by_publication.then_some(Criterion::Status(PostStatus::Published));
    let held = [of_part, of_order].into_iter().flatten();
    let rest = held.fold(asked, |asked, held| asked.and_then(|asked| asked.without(&held)));
    let visible = visible(principal, by_publication, &part);
    (part, [rest, visible].into_iter().flatten().reduce(|one, other| one & other))
}

fn part(asked: Option<&Specification<Criterion>>, by_publication: bool) -> Part {
    let demanded: Vec<&Criterion> = asked.into_iter().flat_map(Specification::demanded).collect();
    let find = |part: fn(&Criterion) -> Option<Part>| demanded.iter().copied().find_map(part);
    // Tags list published posts alone.
    let tag = |criterion: &Criterion| match criterion {
        Criterion::Tag(slug) => Some(Part::Tag(slug.clone())),
        _ => None,
    };
    let author = |criterion: &Criterion| match criterion {
        Criterion::Author(user) => Some(Part::Author(*user)),
        _ => None,
    };
    let status = |criterion: &Criterion| match criterion {
        Criterion::Status(status) => Some(Part::Status(*status)),
        _ => None,
    };
    let found = match by_publication {
        true => find(tag).or_else(|| find(author)),
        false => find(author).or_else(|| find(status)),
    };
    found.unwrap_or(Part::All)
}

/// Whether the part has posts that the caller may not see. What is listed by publication is published.
fn conceals(principal: Principal, by_publication: bool, part: &Part) -> bool {
    !(by_publication
        || principal.may(Permission::PostsManage)
        || matches!(part, Part::Author(user) if *user == principal.user())
        || matches!(part, Part::Status(PostStatus::Published)))
}

/// What the caller may see of a part, as [`visible_to`](crate::access::visible_to) says of one post.
fn visible(principal: Principal, by_publication: bool, part: &Part) -> Option<Specification<Criterion>> {
    let live = || Specification::leaf(Criterion::Status(PostStatus::Published));
    let own = || Specification::leaf(Criterion::Author(principal.user()));
    conceals(principal, by_publication, part).then(|| live() | own())
}

#[cfg(test)]
mod tests;
