//! Jobs that give a tag another name, or merge it into another one, in all posts that have it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{Event, TagJobRequested};
use crate::id::TagJobId;
use crate::post::Tag;
use crate::rule::named;
use crate::text::{TagName, TagSlug};
use crate::{Decision, Stamp};

named! {
    pub enum TagJobKind {
        Rename => "rename",
        Merge => "merge",
    }
}

named! {
    pub enum TagJobStatus {
        Running => "running",
        Done => "done",
        /// It has ended, and posts are left that could not be changed.
        Failed => "failed",
    }
}

/// The posts that a job has found so far, by what has become of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TagTally {
    pub changed: u64,
    /// They were gone or had the tag no more when it was their turn.
    pub left: u64,
    /// They could not be stored with the other tag.
    pub refused: u64,
}

/// The state of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagJob {
    pub id: TagJobId,
    pub kind: TagJobKind,
    pub from: TagSlug,
    /// What posts have in its place.
    pub into: Tag,
    pub tally: TagTally,
    pub requested_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagRefusal {
    #[error("must be another name than the tag has")]
    SameName,
    #[error("must be another tag")]
    SameTag,
    #[error("There is a tag with this name already; merge this tag into it instead.")]
    Taken,
    #[error("The posts of this tag are given the tag {0} by another job; change that one.")]
    Renamed(TagSlug),
}

impl std::ops::Add for TagTally {
    type Output = TagTally;

    fn add(self, other: TagTally) -> TagTally {
        TagTally {
            changed: self.changed + other.changed,
            left: self.left + other.left,
            refused: self.refused + other.refused,
        }
    }
}

impl TagJob {
    /// Decides to give the tag this name. `is_taken` says whether another tag has its slug.
    pub fn rename(
        id: TagJobId,
        from: &Tag,
        name: TagName,
        is_taken: bool,
        stamp: Stamp,
    ) -> Result<Decision<TagJob>, TagRefusal> {
        match from.name == name {
            true => Err(TagRefusal::SameName),
            false if is_taken => Err(TagRefusal::Taken),
            false => Ok(TagJob::request(id, TagJobKind::Rename, from, name.into(), stamp)),
        }
    }

    /// Decides to put the other tag into the place of this one.
    pub fn merge(id: TagJobId, from: &Tag, into: Tag, stamp: Stamp) -> Result<Decision<TagJob>, TagRefusal> {
        match from.slug == into.slug {
            true => Err(TagRefusal::SameTag),
            false => Ok(TagJob::request(id, TagJobKind::Merge, from, into, stamp)),
        }
    }

    fn request(id: TagJobId, kind: TagJobKind, from: &Tag, into: Tag, stamp: Stamp) -> Decision<TagJob> {
        let requested = TagJobRequested { job: id, kind, from: from.slug.clone(), into: into.clone() };
        let next = TagJob {
            id,
            kind,
            from: from.slug.clone(),
            into,
            tally: TagTally::default(),
            requested_at: stamp.at,
            ended_at: None,
        };
        Decision { stamp, events: vec![Event::TagJobRequested(requested)], next }
    }

    /// The job when so many more posts were found; with a time, it ends with them.
    #[must_use]
    pub fn found(self, more: TagTally, ended_at: Option<Timestamp>) -> TagJob {
        let ended_at = ended_at.map(|at| at.max(self.requested_at));
        TagJob { tally: self.tally + more, ended_at, ..self }
    }

    pub fn status(&self) -> TagJobStatus {
        match (self.ended_at, self.tally.refused) {
            (None, _) => TagJobStatus::Running,
            (Some(_), 0) => TagJobStatus::Done,
            (Some(_), _) => TagJobStatus::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::Actor;

    fn tag(name: &str) -> Tag {
        TagName::try_from(name.to_owned()).unwrap().into()
    }

    fn stamp(seconds: i64) -> Stamp {
        Stamp { at: Timestamp::from_second(seconds).unwrap(), by: Actor::Platform }
    }

    fn id() -> TagJobId {
        TagJobId::from_uuid(Uuid::from_u128(1))
    }

    fn rename(from: &str, name: &str, is_taken: bool) -> Result<Decision<TagJob>, TagRefusal> {
        TagJob::rename(id(), &tag(from), tag(name).name, is_taken, stamp(5))
    }

    #[test]
    fn a_tag_gets_another_name_that_no_other_tag_has() {
        let job = rename("News", "Latest news", false).unwrap().next;
        assert_eq!((job.from.as_str(), job.into.slug.as_str()), ("news", "latest-news"));
        assert_eq!(job.status(), TagJobStatus::Running);
        assert_eq!(
            rename("News", "NEWS", false).unwrap().next.into.name.as_str(),
            "NEWS",
            "another spelling"
        );
        assert_eq!(rename("News", "News", false), Err(TagRefusal::SameName));
        assert_eq!(rename("News", "Rust", true), Err(TagRefusal::Taken));
    }

    #[test]
    fn a_tag_is_merged_into_another_one() {
        let merge = |into| TagJob::merge(id(), &tag("News"), tag(into), stamp(5));
        assert_eq!(merge("Rust").unwrap().next.into, tag("Rust"));
        assert_eq!(merge("NEWS"), Err(TagRefusal::SameTag));
    }

    #[test]
    fn a_job_ends_with_what_it_has_found_and_fails_if_a_post_was_refused() {
        let job = rename("News", "Latest", false).unwrap().next;
        let found = TagTally { changed: 3, left: 1, refused: 0 };
        let job = job.found(found, None);
        assert_eq!(job.status(), TagJobStatus::Running);
        let done = job.clone().found(found, Some(stamp(1).at));
        assert_eq!(
            (done.status(), done.tally.changed, done.ended_at),
            (TagJobStatus::Done, 6, Some(stamp(5).at))
        );
        let failed = job.found(TagTally { refused: 1, ..found }, Some(stamp(9).at));
        assert_eq!(failed.status(), TagJobStatus::Failed);
    }
}
