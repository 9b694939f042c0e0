use jiff::Timestamp;

use super::form::is_published_whole;
use super::published::published;
use crate::Version;
use crate::id::{PostId, UserId};
use crate::post::PostField;

published! {
    pub struct PostCreated {
        pub post: PostId,
        pub authors: Vec<UserId>,
    }

    pub struct PostEdited {
        pub post: PostId,
        /// What differs from before.
        pub changed: Vec<PostField>,
    }

    pub struct PostScheduled {
        pub post: PostId,
        /// When it is to be published.
        pub at: Timestamp,
    }

    pub struct PostPublished {
        pub post: PostId,
        /// Since when it counts as published, which is the time for which it was scheduled.
        pub at: Timestamp,
    }

    pub struct PostUnpublished {
        pub post: PostId,
    }

    pub struct PostRestored {
        pub post: PostId,
        /// The version that was brought back.
        pub version: Version,
    }

    pub struct PostDeleted {
        pub post: PostId,
    }
}

is_published_whole!(
    PostCreated: 1,
    PostEdited: 1,
    PostScheduled: 1,
    PostPublished: 1,
    PostUnpublished: 1,
    PostRestored: 1,
    PostDeleted: 1
);
