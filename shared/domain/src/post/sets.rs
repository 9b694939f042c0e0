//! The tags and the authors of a post.

use serde::{Deserialize, Serialize};

use crate::InvalidValue;
use crate::id::UserId;
use crate::text::{TagName, TagSlug};

/// A tag of a post, with the slug that was made of its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tag {
    pub slug: TagSlug,
    pub name: TagName,
}

impl From<TagName> for Tag {
    fn from(name: TagName) -> Tag {
        Tag { slug: name.slug(), name }
    }
}

/// The tags of a post, in their order. Of names with one slug, the first counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Tag>", into = "Vec<Tag>")]
pub struct Tags(Vec<Tag>);

impl Tags {
    pub const MOST: usize = 20;

    pub fn iter(&self) -> impl Iterator<Item = &Tag> {
        self.0.iter()
    }

    pub fn has(&self, slug: &TagSlug) -> bool {
        self.0.iter().any(|tag| tag.slug == *slug)
    }

    /// The same tags and this one. Fails if they are as many as there may be.
    pub fn adding(&self, tag: &Tag) -> Result<Tags, InvalidValue> {
        match self.has(&tag.slug) {
            true => Ok(self.clone()),
            false => self.0.iter().chain([tag]).cloned().collect::<Vec<_>>().try_into(),
        }
    }

    #[must_use]
    pub fn without(&self, slug: &TagSlug) -> Tags {
        Tags(self.0.iter().filter(|tag| tag.slug != *slug).cloned().collect())
    }

    /// The same tags with another one in the place of this one.
    #[must_use]
    pub fn replacing(&self, slug: &TagSlug, other: &Tag) -> Tags {
        let replaced = self.0.iter().map(|tag| if tag.slug == *slug { other } else { tag });
        Tags(distinct(replaced.cloned().collect()))
    }
}

impl TryFrom<Vec<Tag>> for Tags {
    type Error = InvalidValue;

    fn try_from(tags: Vec<Tag>) -> Result<Tags, InvalidValue> {
        match tags.len() {
            0..=Tags::MOST => Ok(Tags(distinct(tags))),
            _ => Err(format!("must be at most {} tags", Tags::MOST).into()),
        }
    }
}

impl From<Tags> for Vec<Tag> {
    fn from(Tags(tags): Tags) -> Vec<Tag> {
        tags
    }
}

fn distinct(tags: Vec<Tag>) -> Vec<Tag> {
    let mut kept: Vec<Tag> = Vec::with_capacity(tags.len());
    for tag in tags {
        if !kept.iter().any(|other| other.slug == tag.slug) {
            kept.push(tag);
        }
    }
    kept
}

/// The authors of a post, at least one: the first one is named first. Naming one twice names it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<UserId>", into = "Vec<UserId>")]
pub struct Authors(Vec<UserId>);

impl Authors {
    pub const MOST: usize = 10;

    pub fn contains(&self, user: UserId) -> bool {
        self.0.contains(&user)
    }

    pub fn iter(&self) -> impl Iterator<Item = UserId> {
        self.0.iter().copied()
    }
}

impl From<UserId> for Authors {
    fn from(user: UserId) -> Authors {
        Authors(vec![user])
    }
}

impl TryFrom<Vec<UserId>> for Authors {
    type Error = InvalidValue;

    fn try_from(users: Vec<UserId>) -> Result<Authors, InvalidValue> {
        if !(1..=Authors::MOST).contains(&users.len()) {
            return Err(format!("must be 1 to {} users", Authors::MOST).into());
        }
        let mut kept = Vec::with_capacity(users.len());
        for user in users {
            if !kept.contains(&user) {
                kept.push(user);
            }
        }
        Ok(Authors(kept))
    }
}

impl From<Authors> for Vec<UserId> {
    fn from(Authors(users): Authors) -> Vec<UserId> {
        users
    }
}

impl schemars::JsonSchema for Authors {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Authors".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items = generator.subschema_for::<UserId>();
        schemars::json_schema!({ "type": "array", "items": items, "minItems": 1, "maxItems": Authors::MOST })
    }
}
