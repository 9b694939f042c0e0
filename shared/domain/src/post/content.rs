//! What a post says.

use serde::{Deserialize, Serialize};

use super::{Authors, Tags};
use crate::rule::named;
use crate::text::{Excerpt, Markdown, PostSlug, PostTitle, SeoDescription, SeoTitle};

named! {
    /// Who may read a published post whole.
    pub enum Visibility {
        Public => "public",
        /// Who may read the tenant's posts. Others see its excerpt.
        Members => "members",
    }
}

named! {
    /// What an edit can change of a post.
    pub enum PostField {
        Title => "title",
        Slug => "slug",
        Body => "markdown",
        Excerpt => "excerpt",
        Tags => "tags",
        Authors => "authors",
        Featured => "featured",
        Seo => "seo",
        Visibility => "visibility",
    }
}

/// What a post says and how it is shown. Whether it is published is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub title: PostTitle,
    pub slug: PostSlug,
    pub body: Body,
    pub excerpt: Option<Excerpt>,
    pub tags: Tags,
    pub authors: Authors,
    pub is_featured: bool,
    pub seo: Seo,
    pub visibility: Visibility,
}

/// The body as it was written, and what was made of it then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub markdown: Markdown,
    /// Sanitised: it can be shown as it is.
    pub html: String,
    /// How the text begins, without markup.
    pub beginning: String,
}

/// What search engines and link previews show, where it is not title and excerpt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seo {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<SeoTitle>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<SeoDescription>,
}

/// What is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ContentChanges {
    pub title: Option<PostTitle>,
    pub slug: Option<PostSlug>,
    pub body: Option<Body>,
    /// `Some(None)`: the post gets the beginning of its text for an excerpt.
    pub excerpt: Option<Option<Excerpt>>,
    pub tags: Option<Tags>,
    pub authors: Option<Authors>,
    pub is_featured: Option<bool>,
    pub seo: Option<Seo>,
    pub visibility: Option<Visibility>,
}

impl Content {
    #[must_use]
    pub fn with(self, changes: ContentChanges) -> Content {
        Content {
            title: changes.title.unwrap_or(self.title),
            slug: changes.slug.unwrap_or(self.slug),
            body: changes.body.unwrap_or(self.body),
            excerpt: changes.excerpt.unwrap_or(self.excerpt),
            tags: changes.tags.unwrap_or(self.tags),
            authors: changes.authors.unwrap_or(self.authors),
            is_featured: changes.is_featured.unwrap_or(self.is_featured),
            seo: changes.seo.unwrap_or(self.seo),
            visibility: changes.visibility.unwrap_or(self.visibility),
        }
    }

    pub(super) fn differences(&self, other: &Content) -> Vec<PostField> {
        let differs = [
            (PostField::Title, self.title != other.title),
            (PostField::Slug, self.slug != other.slug),
            (PostField::Body, self.body.markdown != other.body.markdown),
            (PostField::Excerpt, self.excerpt != other.excerpt),
            (PostField::Tags, self.tags != other.tags),
            (PostField::Authors, self.authors != other.authors),
            (PostField::Featured, self.is_featured != other.is_featured),
            (PostField::Seo, self.seo != other.seo),
            (PostField::Visibility, self.visibility != other.visibility),
        ];
        differs.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }
}
