//! The stored forms of a comment, and of where it stands.

use domain::Versioned;
use domain::comment::{Comment, CommentStatus};
use domain::id::{CommentId, PostId, UserId};
use domain::text::CommentText;
use jiff::Timestamp;
use platform::table::{Row, SortKey, StoreError};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// Where a comment stands. It never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) post: PostId,
    pub(crate) root: Option<CommentId>,
    pub(crate) id: CommentId,
}

/// In rows whose sort key ends with the comment's id.
#[derive(Serialize, Deserialize)]
struct StoredPlace {
    post: PostId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root: Option<CommentId>,
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        StoredPlace { post: self.post, root: self.root }.serialize(serializer)
    }
}

impl Place {
    pub(crate) fn of(comment: &Comment) -> Self {
        Self { post: comment.post, root: comment.root, id: comment.id }
    }

    /// A root stands before its replies, and a thread behind those that began before it.
    pub(crate) fn key(self) -> SortKey {
        match self.root {
            Some(root) => SortKey::of(format_args!("{root}~{}", self.id)),
            None => SortKey::of(self.id),
        }
    }
}

pub(crate) fn place_of(row: &Row) -> Result<Place, StoreError> {
    let StoredPlace { post, root } = row.state()?.value;
    let key = row.sort_key()?;
    let id = key.as_str().rsplit_once('~').map_or(key.as_str(), |(_, id)| id);
    Ok(Place { post, root, id: id.parse().map_err(StoreError::corrupt)? })
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    author: UserId,
    #[serde(default, deserialize_with = "stored_text", skip_serializing_if = "Option::is_none")]
    text: Option<CommentText>,
    status: CommentStatus,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    was_approved: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    approved_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edited_at: Option<Timestamp>,
    changed_at: Timestamp,
}

fn stored_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<CommentText>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(CommentText::from_stored).transpose().map_err(D::Error::custom)
}

pub(crate) fn document(comment: &Comment) -> Document {
    let Comment { author, text, status, was_approved, approved_at, edited_at, changed_at, .. } =
        comment.clone();
    Document { author, text, status, was_approved, approved_at, edited_at, changed_at }
}

impl Document {
    fn comment(self, Place { post, root, id }: Place) -> Comment {
        let Document { author, text, status, was_approved, approved_at, edited_at, changed_at } = self;
        // A comment of before does not say when: it is older than each approval of it.
        let of_before = (status == CommentStatus::Approved).then(|| id.made_at());
        let approved_at = approved_at.or(of_before);
        Comment { id, post, root, author, text, status, was_approved, approved_at, edited_at, changed_at }
    }
}

/// Reads the state from its row in the thread.
pub(crate) fn read(post: PostId, row: &Row) -> Result<Versioned<Comment>, StoreError> {
    let key = row.sort_key()?;
    let (root, id) = match key.as_str().split_once('~') {
        Some((root, id)) => (Some(root.parse().map_err(StoreError::corrupt)?), id),
        None => (None, key.as_str()),
    };
    let id = id.parse().map_err(StoreError::corrupt)?;
    // The parser's own words may quote what a person has written.
    let state = row.state::<Document>().map_err(|error| match error {
        StoreError::Corrupt(_) => StoreError::corrupt(format!("the comment {id} cannot be read")),
        other => other,
    })?;
    Ok(state.map(|document| document.comment(Place { post, root, id })))
}

#[cfg(test)]
mod tests {
    use platform::new_id;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_comment_of_before_is_read_whatever_it_says_and_was_told_if_it_is_shown() {
        let (post, id) = (new_id(PostId::from_uuid), new_id(CommentId::from_uuid));
        for (status, told_at) in [("approved", Some(id.made_at())), ("pending", None)] {
            let stored = json!({
                "author": new_id(UserId::from_uuid), "text": "\u{200b}", "status": status, "wasApproved": true,
                "changedAt": "2026-11-28T12:00:00Z",
            });
            let document: Document = serde_json::from_value(stored).unwrap();
            let comment = document.comment(Place { post, root: None, id });
            let text = comment.text.as_ref().map(CommentText::as_str);
            assert_eq!((text, comment.approved_at), (Some("\u{200b}"), told_at));
        }
    }
}
