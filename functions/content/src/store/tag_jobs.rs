//! Jobs that change tags: their commits, and a row for each with how far it has come.

use domain::id::TagJobId;
use domain::post::Tag;
use domain::tag_job::{TagJob, TagJobKind, TagTally};
use domain::text::TagSlug;
use domain::{Version, Versioned};
use jiff::Timestamp;
use platform::table::namespace::content::{TAG_JOB, TAG_JOBS};
use platform::table::{
    Attribute, CommandContext, Condition, Conflict, Decided, Row, Scope, SortKey, StoreError, Write,
};
use serde::{Deserialize, Serialize};

use super::aliases;
use crate::cursor::PostCursor;

/// The last post that the job has looked at. Each page is on the condition that it begins there, so a message that comes
/// twice counts nothing twice.
const PASSED: Attribute = Attribute::new("passed");
const AS_READ: &str = "passed = :passed";
const NOTHING: &str = "-";
const ALL: &str = "~";

/// A job, and the place among the posts up to which it has come.
pub(crate) struct Progress {
    pub(crate) job: Versioned<TagJob>,
    pub(crate) passed: Option<PostCursor>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    kind: TagJobKind,
    from: TagSlug,
    into: Tag,
    tally: TagTally,
    requested_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
}

pub(crate) async fn get(scope: &Scope, id: TagJobId) -> Result<Option<Progress>, StoreError> {
    let row = scope.get(&TAG_JOBS.partition(), &SortKey::of(id)).await?;
    row.map(|row| read(id, &row)).transpose()
}

/// Commits a new job, and with it that the old name leads to the new one.
pub(crate) async fn create(
    scope: &Scope,
    decided: &Decided<TagJob>,
    context: &CommandContext,
) -> Result<(), StoreError> {
    let job = &decided.next.value;
    let row = row(scope, Condition::absent(), (decided.next.version, job), NOTHING)?;
    let mut writes = scope.log(&TAG_JOB, job.id)?.events(decided, context)?;
    writes.push(row);
    writes.extend(aliases::lead(scope, &job.from, &job.into));
    scope.commit(writes).await
}

/// Notes that the job has come so far and, without a next place, that it has ended. Fails with [`Conflict::Version`] when
/// another message has done so.
pub(crate) async fn go_on(
    scope: &Scope,
    Progress { job, passed }: &Progress,
    after: &TagJob,
    next: Option<&PostCursor>,
) -> Result<(), StoreError> {
    let next = next.map_or_else(|| ALL.to_owned(), PostCursor::to_string);
    scope.commit(vec![row(scope, as_read(passed.as_ref()), (job.version, after), &next)?]).await
}

fn as_read(passed: Option<&PostCursor>) -> Condition {
    let passed = passed.map_or_else(|| NOTHING.to_owned(), PostCursor::to_string);
    Condition::with(AS_READ, ":passed", passed.as_str())
}

fn row(
    scope: &Scope,
    condition: Condition,
    (version, job): (Version, &TagJob),
    passed: &str,
) -> Result<Write, StoreError> {
    let TagJob { id, kind, from, into, tally, requested_at, ended_at } = job.clone();
    let document = Document { kind, from, into, tally, requested_at, ended_at };
    let key = SortKey::of(id);
    let write =
        scope.write_state(&TAG_JOBS.partition(), key, condition, Conflict::Version, (version, &document))?;
    Ok(write.text(PASSED, passed))
}

fn read(id: TagJobId, row: &Row) -> Result<Progress, StoreError> {
    let passed = match row.text(PASSED)? {
        NOTHING | ALL => None,
        place => Some(place.to_owned().try_into().map_err(StoreError::corrupt)?),
    };
    let Versioned { value, version } = row.state::<Document>()?;
    let Document { kind, from, into, tally, requested_at, ended_at } = value;
    let value = TagJob { id, kind, from, into, tally, requested_at, ended_at };
    Ok(Progress { job: Versioned { value, version }, passed })
}
