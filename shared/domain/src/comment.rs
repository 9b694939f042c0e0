//! Comments on posts, in threads of two levels: a root and the replies to it.

mod rules;

use jiff::Timestamp;

use crate::event::{CommentApproved, CommentDeleted, CommentEdited, CommentModerated, CommentPosted, Event};
use crate::id::{CommentId, PostId, UserId};
use crate::rule::named;
use crate::text::CommentText;
use crate::{Decision, Stamp};

pub use rules::{BlockedWords, ClosedAfter, CommentRules, LongestComment, TextRefusal};

named! {
    pub enum CommentStatus {
        /// It waits for a moderator.
        Pending => "pending",
        Approved => "approved",
        Spam => "spam",
        Deleted => "deleted",
    }
}

/// The state of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: CommentId,
    pub post: PostId,
    /// The comment that this one replies to.
    pub root: Option<CommentId>,
    pub author: UserId,
    /// Nothing is left of a deleted comment.
    pub text: Option<CommentText>,
    pub status: CommentStatus,
    /// Replies may stand below it since.
    pub was_approved: bool,
    /// When what it says was approved, for which people are told of it. An edit that waits ends that.
    pub approved_at: Option<Timestamp>,
    pub edited_at: Option<Timestamp>,
    pub changed_at: Timestamp,
}

/// A comment that is written now.
#[derive(Debug, Clone)]
pub struct NewComment {
    pub id: CommentId,
    pub post: PostId,
    pub root: Option<CommentId>,
    pub author: UserId,
    pub text: CommentText,
}

#[derive(Debug, Clone)]
pub enum Command {
    Edit {
        text: CommentText,
        /// Whether it has to wait for a moderator.
        waits: bool,
    },
    Moderate(CommentStatus),
    Delete,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommentRefusal {
    #[error("The post is not published; publish it before it is commented on.")]
    NotPublished,
    #[error("The comments on this post were closed {0} days after its publication; they can be read.")]
    Closed(u64),
    #[error("The comment was deleted; write another one.")]
    Deleted,
    #[error("The comment was taken for spam and cannot be changed; delete it, or ask a moderator.")]
    Spam,
    #[error("The comment is {0} already; there is nothing left to do.")]
    Already(CommentStatus),
}

pub type CommentDecision = Decision<Comment>;

impl Comment {
    /// Decides that a comment is written, which is shown at once unless it `waits` for a moderator.
    pub fn post(new: NewComment, waits: bool, stamp: Stamp) -> CommentDecision {
        let NewComment { id, post, root, author, text } = new;
        let status = if waits { CommentStatus::Pending } else { CommentStatus::Approved };
        let next = Comment {
            id,
            post,
            root,
            author,
            text: Some(text),
            status,
            was_approved: !waits,
            approved_at: (!waits).then_some(stamp.at),
            edited_at: None,
            changed_at: stamp.at,
        };
        let posted = Event::CommentPosted(CommentPosted { comment: id, post, status });
        let approved = Event::CommentApproved(CommentApproved { comment: id, post });
        let events = if waits { vec![posted] } else { vec![posted, approved] };
        Decision { stamp, events, next }
    }

    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<CommentDecision, CommentRefusal> {
        let stamp = stamp.not_before(self.changed_at);
        let (comment, post) = (self.id, self.post);
        if self.status == CommentStatus::Deleted {
            return Err(CommentRefusal::Deleted);
        }
        let (event, next) = match command {
            Command::Edit { .. } if self.status == CommentStatus::Spam => return Err(CommentRefusal::Spam),
            Command::Edit { text, waits } => {
                let (status, approved_at) =
                    if waits { (CommentStatus::Pending, None) } else { (self.status, self.approved_at) };
                let edited = CommentEdited { comment, post, status };
                let edited_at = Some(stamp.at);
                let next = Comment { text: Some(text), status, approved_at, edited_at, ..self.clone() };
                (Event::CommentEdited(edited), next)
            }
            Command::Delete | Command::Moderate(CommentStatus::Deleted) => {
                let next = Comment { text: None, status: CommentStatus::Deleted, ..self.clone() };
                (Event::CommentDeleted(CommentDeleted { comment, post }), next)
            }
            Command::Moderate(status) if status == self.status => {
                return Err(CommentRefusal::Already(status));
            }
            Command::Moderate(status @ CommentStatus::Approved) if self.approved_at.is_none() => {
                let approved_at = Some(stamp.at);
                let next = Comment { status, was_approved: true, approved_at, ..self.clone() };
                (Event::CommentApproved(CommentApproved { comment, post }), next)
            }
            Command::Moderate(status) => {
                let moderated = CommentModerated { comment, post, status };
                (Event::CommentModerated(moderated), Comment { status, ..self.clone() })
            }
        };
        Ok(Decision { next: Comment { changed_at: stamp.at, ..next }, stamp, events: vec![event] })
    }

    pub fn is_approved(&self) -> bool {
        self.status == CommentStatus::Approved
    }

    /// The root of its thread, which may be the comment itself.
    pub fn thread(&self) -> CommentId {
        self.root.unwrap_or(self.id)
    }

    /// Whether it keeps a place among those that are shown: its replies stand below it even if it is not shown itself.
    pub fn has_place(&self) -> bool {
        self.is_approved() || (self.root.is_none() && self.was_approved)
    }
}

#[cfg(test)]
mod tests;
