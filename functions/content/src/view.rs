//! Posts as clients see them.

use std::collections::HashMap;

use domain::id::{PostId, UserId};
use domain::post::{Content, Post, PostStatus, Seo, Tag, Visibility};
use domain::text::{Markdown, PersonName, PostSlug, PostTitle};
use domain::user::User;
use domain::{Version, Versioned};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::Sight;

pub(crate) type Users = HashMap<UserId, User>;

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Post")]
pub struct PostView {
    id: PostId,
    title: PostTitle,
    slug: PostSlug,
    status: PostStatus,
    visibility: Visibility,
    featured: bool,
    /// What the post says in short: its own excerpt, or how its text begins.
    excerpt: String,
    /// Whether the excerpt was written for the post.
    has_own_excerpt: bool,
    /// The text, for who may read it whole. It is sanitised, and can be shown as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    html: Option<String>,
    /// The text as it was written, for authors and editors.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Markdown")]
    markdown: Option<Markdown>,
    tags: Vec<Tag>,
    authors: Vec<AuthorView>,
    seo: Seo,
    #[serde(flatten)]
    times: PostTimes,
    created_at: Timestamp,
    changed_at: Timestamp,
    version: Version,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PostAuthor")]
pub(crate) struct AuthorView {
    id: UserId,
    /// A user who was deleted has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "PersonName")]
    name: Option<PersonName>,
}

impl PostView {
    pub(crate) fn new(
        Versioned { value: post, version }: &Versioned<Post>,
        sight: Sight,
        users: &Users,
    ) -> Self {
        let Content { title, slug, body, excerpt, tags, authors, is_featured, seo, visibility } =
            &post.content;
        Self {
            id: post.id,
            title: title.clone(),
            slug: slug.clone(),
            status: post.stage.status(),
            visibility: *visibility,
            featured: *is_featured,
            excerpt: post.summary().to_owned(),
            has_own_excerpt: excerpt.is_some(),
            html: sight.html.then(|| body.html.clone()),
            markdown: sight.markdown.then(|| body.markdown.clone()),
            tags: tags.iter().cloned().collect(),
            authors: authors.iter().map(|id| AuthorView::new(id, users)).collect(),
            seo: seo.clone(),
            times: PostTimes::new(post.stage.status(), post.stage.time()),
            created_at: post.id.made_at(),
            changed_at: post.changed_at,
            version: *version,
        }
    }
}

impl AuthorView {
    pub(crate) fn new(id: UserId, users: &Users) -> Self {
        Self { id, name: users.get(&id).map(|user| user.person.name.clone()) }
    }
}

/// When it was published, or is to be.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostTimes {
    /// Since when the post is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Timestamp")]
    published_at: Option<Timestamp>,
    /// When the post is to be published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Timestamp")]
    scheduled_for: Option<Timestamp>,
}

impl PostTimes {
    pub(crate) fn new(status: PostStatus, time: Option<Timestamp>) -> Self {
        let of = |wanted: PostStatus| time.filter(|_| status == wanted);
        Self { published_at: of(PostStatus::Published), scheduled_for: of(PostStatus::Scheduled) }
    }
}
