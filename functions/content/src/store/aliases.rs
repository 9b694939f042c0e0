//! What tags are called that were renamed or merged. Who writes a name of before gets the present one.
//!
//! An alias leads to another tag, or to itself with the spelling that was chosen. No two lead to each other: what a job
//! gives a tag for its new name leads to itself from then on.

use std::collections::{BTreeSet, HashMap};

use domain::post::{Tag, Tags};
use domain::text::TagSlug;
use platform::table::namespace::content::TAG_ALIASES;
use platform::table::{Attribute, Condition, Conflict, Row, Scope, SortKey, StoreError, Write};

const TO: Attribute = Attribute::new("to");
const NAME: Attribute = Attribute::new("name");
/// How many aliases behind each other are followed.
const HOPS: usize = 100;

/// The writes by which one tag becomes another, or gets another spelling. The last of two jobs that do the opposite counts.
pub(super) fn lead(scope: &Scope, from: &TagSlug, into: &Tag) -> Vec<Write> {
    let slugs: BTreeSet<&TagSlug> = [from, &into.slug].into();
    let alias = |slug: &TagSlug| {
        let key = SortKey::of(slug);
        let write = scope.write(&TAG_ALIASES.partition(), key, Condition::always(), Conflict::Contention);
        write.text(TO, into.slug.as_str()).text(NAME, into.name.as_str())
    };
    slugs.into_iter().map(alias).collect()
}

/// The tags as they were called a moment ago.
pub(crate) async fn resolved(scope: &Scope, tags: &Tags) -> Result<Tags, StoreError> {
    resolve(scope, tags, false).await
}

/// The tags as they are called now.
pub(crate) async fn resolved_now(scope: &Scope, tags: &Tags) -> Result<Tags, StoreError> {
    resolve(scope, tags, true).await
}

async fn resolve(scope: &Scope, tags: &Tags, consistent: bool) -> Result<Tags, StoreError> {
    let mut asked: BTreeSet<TagSlug> = tags.iter().map(|tag| tag.slug.clone()).collect();
    let mut aliases: HashMap<TagSlug, Tag> = HashMap::new();
    for _ in 0..HOPS {
        let (partition, keys) = (TAG_ALIASES.partition(), asked.iter().map(SortKey::of));
        let rows = match consistent {
            true => scope.get_all(&partition, keys).await?,
            false => scope.get_all_eventually(keys.map(|key| (partition.clone(), key))).await?,
        };
        let found = rows.iter().map(alias).collect::<Result<Vec<_>, _>>()?;
        aliases.extend(found.iter().cloned());
        asked =
            found.into_iter().map(|(_, into)| into.slug).filter(|slug| !aliases.contains_key(slug)).collect();
        if asked.is_empty() {
            break;
        }
    }
    let followed = |tags: Tags, tag: &Tag| tags.replacing(&tag.slug, follow(&aliases, tag));
    Ok(tags.iter().fold(tags.clone(), followed))
}

fn alias(row: &Row) -> Result<(TagSlug, Tag), StoreError> {
    let slug = row.text(TO)?.parse().map_err(StoreError::corrupt)?;
    let name = row.text(NAME)?.to_owned().try_into().map_err(StoreError::corrupt)?;
    Ok((row.id()?, Tag { slug, name }))
}

fn follow<'a>(aliases: &'a HashMap<TagSlug, Tag>, mut tag: &'a Tag) -> &'a Tag {
    for _ in 0..HOPS {
        match aliases.get(&tag.slug) {
            Some(next) if next == tag => break,
            Some(next) => tag = next,
            None => break,
        }
    }
    tag
}
