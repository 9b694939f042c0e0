//! Posts as lists know them, and what lists can be asked.

use jiff::Timestamp;

use super::{Authors, PostStatus, Visibility};
use crate::folding::folded;
use crate::id::{PostId, UserId};
use crate::rule::named;
use crate::specification::{Match, Order};
use crate::text::{PostSlug, PostTitle, SearchText, TagSlug};

/// What lists know of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPost {
    pub id: PostId,
    pub title: PostTitle,
    pub slug: PostSlug,
    pub status: PostStatus,
    pub visibility: Visibility,
    pub is_featured: bool,
    pub tags: Vec<TagSlug>,
    pub authors: Authors,
    /// When the post was published, or is to be.
    pub time: Option<Timestamp>,
    pub changed_at: Timestamp,
}

named! {
    /// What is listed, the newest first: published posts by their publication, or posts of every status by their creation.
    pub enum PostOrder {
        Published => "published",
        Created => "created",
    }
}

/// What can be asked of a post in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criterion {
    Status(PostStatus),
    Author(UserId),
    Tag(TagSlug),
    /// Of a post that is published, or is to be: how the time of that stands to this one.
    Time(Order, Timestamp),
    Title(Match, SearchText),
    Visibility(Visibility),
    Featured(bool),
}

impl ListedPost {
    /// The title as lists search it.
    pub fn folded_title(title: &PostTitle) -> String {
        folded(title.as_str())
    }

    pub fn meets(&self, criterion: &Criterion) -> bool {
        match criterion {
            Criterion::Status(status) => self.status == *status,
            Criterion::Author(user) => self.authors.contains(*user),
            Criterion::Tag(slug) => self.tags.contains(slug),
            Criterion::Time(order, at) => self.time.is_some_and(|time| order.holds(&time, at)),
            Criterion::Title(how, text) => how.matches(&Self::folded_title(&self.title), text),
            Criterion::Visibility(visibility) => self.visibility == *visibility,
            Criterion::Featured(is_featured) => self.is_featured == *is_featured,
        }
    }
}
