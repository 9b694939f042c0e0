//! Jobs that rename and merge tags, as editors ask for them.

use domain::id::TagJobId;
use domain::post::Tag;
use domain::tag_job::{TagJob, TagJobKind, TagJobStatus, TagRefusal, TagTally};
use domain::text::{TagName, TagSlug};
use domain::{Decision, Versioned};
use jiff::Timestamp;
use platform::http::{Call, NoBody, Problem, Reply};
use platform::new_id;
use platform::table::Decided;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::store;
use crate::store::{Known, tag_jobs};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TagParameters {
    slug: TagSlug,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTagName {
    name: TagName,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TagMerge {
    /// The tag that posts get in the place of this one.
    into: TagSlug,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TagJobParameters {
    id: TagJobId,
}

/// A job that changes a tag in all posts that have it, drafts too.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "TagJob")]
pub struct TagJobView {
    id: TagJobId,
    kind: TagJobKind,
    /// The tag that is changed, by its slug of before.
    tag: TagSlug,
    /// What posts have in its place.
    into: Tag,
    status: TagJobStatus,
    /// The posts with the tag that the job has found so far, by what has become of them.
    posts: TagTally,
    requested_at: Timestamp,
    /// Absent while the job is running.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Timestamp")]
    ended_at: Option<Timestamp>,
}

impl From<&TagJob> for TagJobView {
    fn from(job: &TagJob) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            tag: job.from.clone(),
            into: job.into.clone(),
            status: job.status(),
            posts: job.tally,
            requested_at: job.requested_at,
            ended_at: job.ended_at,
        }
    }
}

pub async fn rename(call: &Call<TagParameters, NewTagName>) -> Result<Reply<TagJobView>, Problem> {
    let (slug, name) = (&call.parameters.slug, &call.body.name);
    let from = changed(call, slug).await?;
    let is_taken = name.slug() != *slug && store::find_tag(&call.store, &name.slug()).await?.is_some();
    let id = new_id(TagJobId::from_uuid);
    request(call, TagJob::rename(id, &from, name.clone(), is_taken, call.stamp()).map_err(refused)?).await
}

pub async fn merge(call: &Call<TagParameters, TagMerge>) -> Result<Reply<TagJobView>, Problem> {
    let from = changed(call, &call.parameters.slug).await?;
    let into = present(call, &call.body.into).await?;
    let into = match into.slug == call.body.into {
        // It is what a job gives posts at this moment.
        false => into,
        true => match store::find_tag_of_any(&call.store, &into.slug).await? {
            Known::Tag(tag) => tag,
            Known::No | Known::Perhaps => {
                return Err(Problem::invalid("/into", "must be a tag that posts have"));
            }
        },
    };
    let id = new_id(TagJobId::from_uuid);
    request(call, TagJob::merge(id, &from, into, call.stamp()).map_err(refused)?).await
}

pub async fn show_job(call: &Call<TagJobParameters, NoBody>) -> Result<Reply<TagJobView>, Problem> {
    let found = tag_jobs::get(&call.store, call.parameters.id).await?;
    let found = found.ok_or_else(|| Problem::not_found("job"))?;
    Ok(Reply::new(TagJobView::from(&found.job.value)))
}

/// The tag that is to be changed. Where there are too many posts to know at once that none has it, the job looks through
/// all of them.
async fn changed<B>(call: &Call<TagParameters, B>, slug: &TagSlug) -> Result<Tag, Problem> {
    let known = store::find_tag_of_any(&call.store, slug).await?;
    let present = present(call, slug).await?;
    match known {
        Known::No => Err(Problem::not_found("tag")),
        _ if present.slug != *slug => Err(refused(TagRefusal::Renamed(present.slug))),
        Known::Tag(tag) => Ok(tag),
        Known::Perhaps => Ok(present),
    }
}

/// What the tag is called after the jobs that were asked for, if they are done or not. Its slug is its name where no job
/// has changed it.
async fn present<B>(call: &Call<TagParameters, B>, slug: &TagSlug) -> Result<Tag, Problem> {
    let name = slug.to_string().try_into().map_err(Problem::internal)?;
    let tags = vec![Tag { slug: slug.clone(), name }].try_into().map_err(Problem::internal)?;
    let present = store::resolved_now(&call.store, &tags).await?.iter().next().cloned();
    present.ok_or_else(|| Problem::internal("a tag has no present name"))
}

async fn request<B>(
    call: &Call<TagParameters, B>,
    decision: Decision<TagJob>,
) -> Result<Reply<TagJobView>, Problem> {
    let decided = Decided::first(decision);
    let Versioned { value: job, .. } = &decided.next;
    let reply = Reply::new(TagJobView::from(job)).at(format!("/tag-jobs/{}", job.id));
    tag_jobs::create(&call.store, &decided, &call.command(&reply)?).await?;
    Ok(reply)
}

fn refused(refusal: TagRefusal) -> Problem {
    match refusal {
        TagRefusal::SameName => Problem::invalid("/name", refusal),
        TagRefusal::SameTag => Problem::invalid("/into", refusal),
        TagRefusal::Taken | TagRefusal::Renamed(_) => Problem::conflict(refusal.to_string()),
    }
}
