//! Comments as clients see them.

use std::collections::{BTreeMap, HashMap};

use domain::comment::{Comment, CommentStatus};
use domain::id::{CommentId, PostId, UserId};
use domain::text::{CommentText, PersonName};
use domain::user::User;
use domain::{Version, Versioned};
use jiff::Timestamp;
use platform::table::Page;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cursor::ThreadCursor;

pub(crate) type Users = HashMap<UserId, User>;

/// A comment. One that is not shown any more, and has replies, has neither a body nor an author.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Comment")]
pub struct CommentView {
    id: CommentId,
    post: PostId,
    /// The first comment of the thread that this one is a reply in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "CommentId")]
    reply_to: Option<CommentId>,
    status: CommentStatus,
    /// Text, and no HTML: escape it where it is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "CommentText")]
    body: Option<CommentText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "AuthorView")]
    author: Option<AuthorView>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Timestamp")]
    edited_at: Option<Timestamp>,
    version: Version,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "CommentAuthor")]
struct AuthorView {
    id: UserId,
    /// A user who was deleted has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "PersonName")]
    name: Option<PersonName>,
}

impl CommentView {
    pub(crate) fn whole(Versioned { value: comment, version }: &Versioned<Comment>, users: &Users) -> Self {
        let Comment { id, post, root, author, text, status, edited_at, .. } = comment.clone();
        let name = users.get(&author).map(|user| user.person.name.clone());
        let author = text.is_some().then_some(AuthorView { id: author, name });
        Self {
            id,
            post,
            reply_to: root,
            status,
            body: text,
            author,
            created_at: id.made_at(),
            edited_at,
            version: *version,
        }
    }

    /// What is left of a comment below which replies stand. It does not tell why.
    pub(crate) fn place_holder(Versioned { value: comment, version }: &Versioned<Comment>) -> Self {
        Self {
            id: comment.id,
            post: comment.post,
            reply_to: comment.root,
            status: CommentStatus::Deleted,
            body: None,
            author: None,
            created_at: comment.id.made_at(),
            edited_at: None,
            version: *version,
        }
    }
}

/// The comments on a post, by thread: each first comment is followed by its replies, and the oldest come first. A page may
/// end within a thread, and may have fewer comments than were asked for.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ThreadPage")]
pub struct ThreadPage {
    pub(crate) items: Vec<CommentView>,
    /// The parameter `cursor` of the next page. The last page has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<ThreadCursor>,
}

pub type CommentPage = Page<CommentView, CommentId>;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CommentCounts")]
pub struct CountsView {
    /// The number of approved comments on each of the posts. Posts that the caller may not read are left out.
    pub(crate) counts: BTreeMap<PostId, u64>,
}
