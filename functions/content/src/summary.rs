//! Posts in lists.

use domain::id::PostId;
use domain::post::{ListedPost, PostStatus, Visibility};
use domain::text::{PostSlug, PostTitle, TagSlug};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::view::{AuthorView, PostTimes, Users};

/// A post in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostSummary {
    id: PostId,
    title: PostTitle,
    slug: PostSlug,
    status: PostStatus,
    visibility: Visibility,
    featured: bool,
    /// The slugs of the tags.
    tags: Vec<TagSlug>,
    authors: Vec<AuthorView>,
    #[serde(flatten)]
    times: PostTimes,
    changed_at: Timestamp,
}

impl PostSummary {
    pub(crate) fn new(post: ListedPost, users: &Users) -> Self {
        let ListedPost { id, title, slug, status, visibility, is_featured, tags, authors, time, changed_at } =
            post;
        let authors = authors.iter().map(|id| AuthorView::new(id, users)).collect();
        Self {
            id,
            title,
            slug,
            status,
            visibility,
            featured: is_featured,
            tags,
            authors,
            times: PostTimes::new(status, time),
            changed_at,
        }
    }
}
