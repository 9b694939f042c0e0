use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::form::Form;
use super::published::published;
use crate::id::TagJobId;
use crate::post::Tag;
use crate::tag_job::TagJobKind;
use crate::text::TagSlug;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TagJobRequested {
    pub job: TagJobId,
    pub kind: TagJobKind,
    pub from: TagSlug,
    /// What posts get in its place.
    pub into: Tag,
}

published! {
    /// Names of tags are free text, and are not told.
    pub struct PublishedTagJobRequested {
        pub job: TagJobId,
        pub kind: TagJobKind,
    }
}

impl Form for TagJobRequested {
    const VERSION: NonZeroU32 = NonZeroU32::MIN;
    type Published = PublishedTagJobRequested;

    fn published(&self) -> PublishedTagJobRequested {
        PublishedTagJobRequested { job: self.job, kind: self.kind }
    }
}
