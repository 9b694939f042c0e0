//! Posts: drafts that are written, published at once or later, and edited while they are live.

mod content;
mod filter;
mod listed;
mod sets;

use jiff::{SignedDuration, Timestamp};

use crate::event::{
    Event, PostCreated, PostDeleted, PostEdited, PostPublished, PostRestored, PostScheduled, PostUnpublished,
};
use crate::id::{PostId, UserId};
use crate::rule::named;
use crate::{Decision, Stamp, Version};

pub use content::{Body, Content, ContentChanges, PostField, Seo, Visibility};
pub use filter::PostFilter;
pub use listed::{Criterion, ListedPost, PostOrder};
pub use sets::{Authors, Tag, Tags};

named! {
    pub enum PostStatus {
        Draft => "draft",
        Scheduled => "scheduled",
        Published => "published",
    }
}

/// How far a post has come on its way to its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Draft,
    /// It is published at this time.
    Scheduled(Timestamp),
    /// It was published at this time, and its edits go live at once.
    Published(Timestamp),
}

/// The state of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub id: PostId,
    pub content: Content,
    pub stage: Stage,
    pub changed_at: Timestamp,
}

/// In the place of the state of a post that was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deleted;

#[derive(Debug, Clone)]
pub enum Command {
    Edit(Box<ContentChanges>),
    Publish,
    Schedule(Timestamp),
    /// Makes it a draft again.
    Unpublish,
    /// Brings back what the post said at a version. Slug and authors stay, and so does its stage.
    Restore(Box<Content>, Version),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostRefusal {
    #[error("The post was published already; make it a draft first to publish it at another time.")]
    Published,
    #[error("The post is neither published nor scheduled; there is nothing left to do.")]
    Draft,
    #[error("must be in the future")]
    Past,
    #[error("must be within the next two years")]
    TooLate,
}

/// How far ahead a publication may be scheduled.
const AHEAD_MOST: SignedDuration = SignedDuration::from_hours(2 * 366 * 24);

impl Stage {
    pub fn status(self) -> PostStatus {
        match self {
            Stage::Draft => PostStatus::Draft,
            Stage::Scheduled(_) => PostStatus::Scheduled,
            Stage::Published(_) => PostStatus::Published,
        }
    }

    /// When it was published, or will be.
    pub fn time(self) -> Option<Timestamp> {
        match self {
            Stage::Draft => None,
            Stage::Scheduled(at) | Stage::Published(at) => Some(at),
        }
    }
}

impl Post {
    /// Decides the creation of a draft.
    pub fn create(id: PostId, content: Content, stamp: Stamp) -> Decision<Post> {
        let created = PostCreated { post: id, authors: content.authors.iter().collect() };
        let next = Post { id, content, stage: Stage::Draft, changed_at: stamp.at };
        Decision { stamp, events: vec![Event::PostCreated(created)], next }
    }

    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<Decision<Post>, PostRefusal> {
        let stamp = stamp.not_before(self.changed_at);
        let (post, before) = (self.id, self.clone());
        let (event, next) = match command {
            Command::Edit(changes) => {
                let content = self.content.clone().with(*changes);
                let changed = self.content.differences(&content);
                (Event::PostEdited(PostEdited { post, changed }), Post { content, ..before })
            }
            Command::Publish => {
                self.require_unpublished()?;
                let event = PostPublished { post, at: stamp.at };
                (Event::PostPublished(event), Post { stage: Stage::Published(stamp.at), ..before })
            }
            Command::Schedule(at) => {
                self.require_unpublished()?;
                let at = schedulable(at, stamp.at)?;
                (
                    Event::PostScheduled(PostScheduled { post, at }),
                    Post { stage: Stage::Scheduled(at), ..before },
                )
            }
            Command::Unpublish => {
                if self.stage == Stage::Draft {
                    return Err(PostRefusal::Draft);
                }
                (Event::PostUnpublished(PostUnpublished { post }), Post { stage: Stage::Draft, ..before })
            }
            Command::Restore(content, version) => {
                let Content { slug, authors, .. } = self.content.clone();
                let content = Content { slug, authors, ..*content };
                (Event::PostRestored(PostRestored { post, version }), Post { content, ..before })
            }
        };
        let next = Post { changed_at: stamp.at, ..next };
        Ok(Decision { stamp, events: vec![event], next })
    }

    /// Decides the publication that was scheduled for this time. `None` if it is not scheduled for it any more: then
    /// nothing is left to do.
    pub fn publish_due(&self, due: Timestamp, stamp: Stamp) -> Option<Decision<Post>> {
        if self.stage != Stage::Scheduled(due) || stamp.at < due {
            return None;
        }
        let event = Event::PostPublished(PostPublished { post: self.id, at: due });
        let next = Post { stage: Stage::Published(due), changed_at: stamp.at, ..self.clone() };
        Some(Decision { stamp, events: vec![event], next })
    }

    pub fn delete(&self, stamp: Stamp) -> Decision<Deleted> {
        let stamp = stamp.not_before(self.changed_at);
        Decision { stamp, events: vec![Event::PostDeleted(PostDeleted { post: self.id })], next: Deleted }
    }

    pub fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Published(_))
    }

    pub fn is_by(&self, user: UserId) -> bool {
        self.content.authors.contains(user)
    }

    /// What the post says in short: its own excerpt, or else how it begins.
    pub fn summary(&self) -> &str {
        self.content.excerpt.as_ref().map_or(&self.content.body.beginning, |excerpt| excerpt.as_str())
    }

    fn require_unpublished(&self) -> Result<(), PostRefusal> {
        match self.stage {
            Stage::Published(_) => Err(PostRefusal::Published),
            Stage::Draft | Stage::Scheduled(_) => Ok(()),
        }
    }
}

fn schedulable(at: Timestamp, now: Timestamp) -> Result<Timestamp, PostRefusal> {
    match at.duration_since(now) {
        ahead if !ahead.is_positive() => Err(PostRefusal::Past),
        ahead if ahead > AHEAD_MOST => Err(PostRefusal::TooLate),
        _ => Ok(at),
    }
}

#[cfg(test)]
mod tests;
