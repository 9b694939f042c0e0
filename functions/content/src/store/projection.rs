//! Keeps the lists up to date with the commits of posts.
//!
//! Each row takes the state of the newest version that touches it. A version touches all rows that it or the version
//! before it stands in, so a row that a post leaves is touched by the version that leaves it. It stays, without anything
//! that a list finds, so that an older version which is handled later does not bring it back.

use std::collections::BTreeSet;

use domain::id::{PostId, UserId};
use domain::post::{Post, Tag};
use domain::text::TagSlug;
use domain::{Version, Versioned};
use futures::future::try_join_all;
use futures::try_join;
use platform::events::Failure;
use platform::table::namespace::content::{POST, POSTS, POSTS_BY, TAGGED};
use platform::table::{Commits, Condition, Conflict, Partition, Row, Scope, SortKey, StoreError, Write};

use super::lists::{described, is_described};
use super::read;
use super::tags::{NAME, counted};

/// How often a row is written that others change at the same moment.
const ATTEMPTS: usize = 4;

/// A version of a post beside the one before it. There is none before the first, and nothing after a deletion.
struct Change {
    id: PostId,
    version: Version,
    before: Option<Post>,
    after: Option<Post>,
}

/// Writes what a version of a post changes in the lists. Versions may come again and in any order.
pub(crate) async fn project(scope: &Scope, id: PostId, version: Version) -> Result<(), Failure> {
    let change = Change::load(scope, id, version).await?;
    try_join!(posts(scope, &change), tags(scope, &change)).map(drop)?;
    Ok(())
}

impl Change {
    async fn load(scope: &Scope, id: PostId, version: Version) -> Result<Self, Failure> {
        let asked = Commits { up_to: Some(version), limit: 2, ..Commits::default() };
        let page = scope.log(&POST, id)?.commits(asked).await?;
        let mut states = Vec::new();
        for row in &page.items {
            states.push((row.version()?, read(id, row)?.map(|post| post.value)));
        }
        let mut states = states.into_iter();
        match states.next() {
            Some((newest, after)) if newest == version => {
                Ok(Self { id, version, before: states.next().and_then(|(_, before)| before), after })
            }
            // The read was not consistent.
            _ => Err(Failure::Transient(format!("version {version} of {id} is not there yet"))),
        }
    }

    fn authors(&self) -> BTreeSet<UserId> {
        [&self.before, &self.after]
            .into_iter()
            .flatten()
            .flat_map(|post| post.content.authors.iter())
            .collect()
    }

    /// The tags of the post while it is published, and those that it has left.
    fn live_tags(&self) -> BTreeSet<TagSlug> {
        let live = [&self.before, &self.after].into_iter().flatten().filter(|post| post.is_live());
        live.flat_map(|post| post.content.tags.iter()).map(|tag| tag.slug.clone()).collect()
    }

    /// The tag, if the post has it and is published.
    fn tag_of<'a>(post: Option<&'a Post>, slug: &TagSlug) -> Option<&'a Tag> {
        let live = post.filter(|post| post.is_live());
        live.and_then(|post| post.content.tags.iter().find(|tag| tag.slug == *slug))
    }

    /// The row in a partition, of the post if it `stands` there.
    fn row(&self, scope: &Scope, partition: &Partition, condition: Condition, stands: bool) -> Write {
        let write = scope.write(partition, SortKey::of(self.id), condition, Conflict::Version);
        match self.after.as_ref().filter(|_| stands) {
            Some(post) => described(write, &Versioned { value: post.clone(), version: self.version }),
            None => write.at_version(self.version),
        }
    }
}

async fn posts(scope: &Scope, change: &Change) -> Result<(), StoreError> {
    let upsert = async |write: Write| match scope.commit(vec![write]).await {
        Err(StoreError::Conflict(Conflict::Version)) => Ok(()),
        outcome => outcome,
    };
    let older = || Condition::older_than(change.version);
    let all = change.row(scope, &POSTS.partition(), older(), true);
    let all = match &change.after {
        Some(post) => all.in_facet(post.stage.status().as_str()),
        None => all,
    };
    let own = change.authors().into_iter().map(|author| {
        let stands = change.after.as_ref().is_some_and(|post| post.is_by(author));
        change.row(scope, &POSTS_BY.of(author), older(), stands)
    });
    try_join_all([all].into_iter().chain(own).map(upsert)).await.map(drop)
}

async fn tags(scope: &Scope, change: &Change) -> Result<(), StoreError> {
    let slugs = change.live_tags();
    if slugs.is_empty() {
        return Ok(());
    }
    let key = SortKey::of(change.id);
    let rows = scope.get_all_eventually(slugs.iter().map(|slug| (TAGGED.of_tag(slug), key.clone()))).await?;
    let present = |slug: &TagSlug| rows.iter().find(|row| row.is_in(&TAGGED.of_tag(slug))).cloned();
    try_join_all(slugs.iter().map(|slug| tag(scope, change, slug, present(slug)))).await.map(drop)
}

/// Writes the row in the list of a tag, as often as others change it meanwhile.
async fn tag(
    scope: &Scope,
    change: &Change,
    slug: &TagSlug,
    mut present: Option<Row>,
) -> Result<(), StoreError> {
    for _ in 0..ATTEMPTS {
        let writes = tag_writes(scope, change, slug, present.as_ref())?;
        if writes.is_empty() {
            return Ok(());
        }
        match scope.commit(writes).await {
            Err(StoreError::Conflict(Conflict::Version)) => {
                present = scope.get(&TAGGED.of_tag(slug), &SortKey::of(change.id)).await?;
            }
            outcome => return outcome,
        }
    }
    Err(StoreError::Conflict(Conflict::Contention))
}

/// The row, and the count of the tag if the post comes there or goes, or spells it in another way. Nothing, if the row is
/// of this version or a newer one.
fn tag_writes(
    scope: &Scope,
    change: &Change,
    slug: &TagSlug,
    present: Option<&Row>,
) -> Result<Vec<Write>, StoreError> {
    let (condition, was_there) = match present {
        None => (Condition::absent(), false),
        Some(row) if row.version()? >= change.version => return Ok(Vec::new()),
        Some(row) => {
            let is_as_read = Condition::with("version = :read", ":read", row.version()?.number());
            (is_as_read, is_described(row))
        }
    };
    let live = Change::tag_of(change.after.as_ref(), slug);
    let row = change.row(scope, &TAGGED.of_tag(slug), condition, live.is_some());
    let row = live.iter().fold(row, |row, tag| row.text(NAME, tag.name.as_str()));
    let is_named_so = |tag: &Tag| present.is_some_and(|row| row.text(NAME).ok() == Some(tag.name.as_str()));
    let count = match (was_there, live) {
        (false, Some(tag)) => Some(counted(scope, slug, 1, Some(tag))),
        (true, None) => Some(counted(scope, slug, -1, None)),
        // It came and went, and this version is handled first.
        (false, None) => {
            Change::tag_of(change.before.as_ref(), slug).map(|tag| counted(scope, slug, 0, Some(tag)))
        }
        (true, Some(tag)) => (!is_named_so(tag)).then(|| counted(scope, slug, 0, Some(tag))),
    };
    Ok([Some(row), count].into_iter().flatten().collect())
}
