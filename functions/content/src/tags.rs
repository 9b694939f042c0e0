//! The tags of published posts. What drafts alone have is no tag yet.

use domain::text::{TagName, TagSlug};
use platform::http::{Call, Limit, NoBody, Problem};
use platform::table::Page;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store::{self, CountedTag};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTagsParameters {
    #[serde(default)]
    limit: Limit,
    cursor: Option<TagSlug>,
}

/// A tag of published posts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListedTag")]
pub struct TagView {
    slug: TagSlug,
    name: TagName,
    /// How many published posts have it.
    posts: u64,
}

pub async fn list_tags(call: &Call<ListTagsParameters, NoBody>) -> Result<Page<TagView, TagSlug>, Problem> {
    let ListTagsParameters { limit, cursor } = &call.parameters;
    let page = store::list_tags(&call.store, cursor.as_ref(), limit.get()).await?;
    Ok(page.map(|CountedTag { tag, posts }| TagView { slug: tag.slug, name: tag.name, posts }))
}
