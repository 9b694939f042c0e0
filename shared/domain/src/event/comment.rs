use super::form::is_published_whole;
use super::published::published;
use crate::comment::CommentStatus;
use crate::id::{CommentId, PostId};

// The text of a comment stands in its state alone, so that nothing of it is left in the log when it is deleted.
published! {
    pub struct CommentPosted {
        pub comment: CommentId,
        pub post: PostId,
        pub status: CommentStatus,
    }

    pub struct CommentEdited {
        pub comment: CommentId,
        pub post: PostId,
        /// After the edit, which may have to wait for a moderator.
        pub status: CommentStatus,
    }

    pub struct CommentApproved {
        pub comment: CommentId,
        pub post: PostId,
    }

    pub struct CommentModerated {
        pub comment: CommentId,
        pub post: PostId,
        pub status: CommentStatus,
    }

    pub struct CommentDeleted {
        pub comment: CommentId,
        pub post: PostId,
    }
}

is_published_whole!(
    CommentPosted: 1,
    CommentEdited: 1,
    CommentApproved: 1,
    CommentModerated: 1,
    CommentDeleted: 1
);
