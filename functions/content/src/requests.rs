//! Parameters and bodies of requests.

use std::collections::BTreeSet;

use domain::id::PostId;
use domain::post::{Authors, Seo, Tag, Tags, Visibility};
use domain::text::{Excerpt, Markdown, PostSlug, PostTitle, TagName};
use domain::{InvalidValue, Version};
use jiff::Timestamp;
use platform::http::{Limit, Rfc3339, VersionParameter, non_null, nullable};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Deserializer;
use serde::{Deserialize, Serialize};

/// The number of bytes of the largest body with Markdown: what is not ASCII may be escaped.
pub const LARGEST_BODY: usize = 1024 * 1024;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPost {
    pub(crate) title: PostTitle,
    pub(crate) markdown: Markdown,
    /// Made of the title if it is left out.
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "PostSlug")]
    pub(crate) slug: Option<PostSlug>,
    /// The beginning of the text if it is left out.
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Excerpt")]
    pub(crate) excerpt: Option<Excerpt>,
    #[serde(default)]
    pub(crate) tags: TagNames,
    /// Who creates the post, if it is left out. To name others takes the permission to manage posts.
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Authors")]
    pub(crate) authors: Option<Authors>,
    #[serde(default)]
    pub(crate) featured: bool,
    #[serde(default)]
    pub(crate) seo: Seo,
    #[serde(default = "public")]
    pub(crate) visibility: Visibility,
}

/// Fields that are left out stay as they are.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostChange {
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "PostTitle")]
    pub(crate) title: Option<PostTitle>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Markdown")]
    pub(crate) markdown: Option<Markdown>,
    /// The post is found by the former one too, until another post gets it.
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "PostSlug")]
    pub(crate) slug: Option<PostSlug>,
    /// With null, the beginning of the text stands for it.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<Excerpt>")]
    pub(crate) excerpt: Option<Option<Excerpt>>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "TagNames")]
    pub(crate) tags: Option<TagNames>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Authors")]
    pub(crate) authors: Option<Authors>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "bool")]
    pub(crate) featured: Option<bool>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Seo")]
    pub(crate) seo: Option<Seo>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Visibility")]
    pub(crate) visibility: Option<Visibility>,
}

fn public() -> Visibility {
    Visibility::Public
}

/// The tags of a post by their names. Those with one slug are one tag.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "Vec<TagName>")]
pub(crate) struct TagNames(pub(crate) Tags);

impl TryFrom<Vec<TagName>> for TagNames {
    type Error = InvalidValue;

    fn try_from(names: Vec<TagName>) -> Result<Self, InvalidValue> {
        // Too many are refused before slugs are made of them.
        match names.len() {
            0..=Tags::MOST => names.into_iter().map(Tag::from).collect::<Vec<_>>().try_into().map(Self),
            _ => Err(format!("must be at most {} tags", Tags::MOST).into()),
        }
    }
}

impl JsonSchema for TagNames {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TagNames".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<TagName>();
        json_schema!({ "type": "array", "items": items, "maxItems": Tags::MOST })
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publications {
    pub(crate) posts: PostIds,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Taggings {
    pub(crate) posts: PostIds,
    pub(crate) tag: TagName,
    pub(crate) change: TagChange,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TagChange {
    Add,
    Remove,
}

/// Posts that a request is about, each once.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<PostId>")]
pub(crate) struct PostIds(Vec<PostId>);

impl PostIds {
    const MOST: usize = 100;

    pub(crate) fn iter(&self) -> impl Iterator<Item = PostId> {
        self.0.iter().copied()
    }
}

impl TryFrom<Vec<PostId>> for PostIds {
    type Error = InvalidValue;

    fn try_from(ids: Vec<PostId>) -> Result<Self, InvalidValue> {
        if !(1..=Self::MOST).contains(&ids.len()) {
            return Err(format!("must be 1 to {} posts", Self::MOST).into());
        }
        match ids.iter().collect::<BTreeSet<_>>().len() == ids.len() {
            true => Ok(Self(ids)),
            false => Err("must name each post once".to_owned().into()),
        }
    }
}

impl JsonSchema for PostIds {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PostIds".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<PostId>();
        json_schema!({
            "type": "array", "items": items, "minItems": 1, "maxItems": Self::MOST, "uniqueItems": true,
        })
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostParameters {
    pub(crate) id: PostId,
}

/// The id of a post, or a slug by which it is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum PostKey {
    Id(PostId),
    Slug(PostSlug),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindParameters {
    /// The post's id, or a slug by which it is found.
    #[serde(deserialize_with = "key")]
    pub(crate) id: PostKey,
    /// The post at this version, for its authors and editors.
    pub(crate) version: Option<VersionParameter>,
}

fn key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PostKey, D::Error> {
    let text = String::deserialize(deserializer)?;
    let id = text.parse().map(PostKey::Id);
    let key = id.or_else(|_: InvalidValue| text.parse().map(PostKey::Slug));
    key.map_err(|_: InvalidValue| serde::de::Error::custom("must be the id of a post or a slug"))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryParameters {
    pub(crate) id: PostId,
    /// The number of versions on a page.
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<VersionParameter>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// When the post is to be published, within the next two years; now, if it is left out.
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Rfc3339")]
    at: Option<Rfc3339>,
}

impl Publication {
    pub(crate) fn at(&self) -> Option<Timestamp> {
        self.at.map(Timestamp::from)
    }
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Restoration {
    /// The version whose text is brought back.
    #[schemars(range(min = 1, max = 9_999_999_999_u64))]
    pub(crate) version: Version,
}
