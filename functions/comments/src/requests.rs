//! Parameters and bodies of requests.

use std::borrow::Cow;

use domain::comment::CommentStatus;
use domain::id::{CommentId, PostId};
use domain::text::CommentText;
use domain::{InvalidValue, Version};
use platform::http::{Limit, non_null};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::cursor::ThreadCursor;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostParameters {
    pub(crate) id: PostId,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentParameters {
    pub(crate) id: CommentId,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewCommentBody {
    /// Text, and no HTML: it is shown as it was written.
    pub(crate) body: CommentText,
    /// An approved comment on the same post. A reply to a reply joins that one's thread.
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "CommentId")]
    pub(crate) reply_to: Option<CommentId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentChange {
    pub(crate) body: CommentText,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenStatus {
    pub(crate) status: CommentStatus,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreadParameters {
    pub(crate) id: PostId,
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<ThreadCursor>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueParameters {
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<CommentId>,
    pub(crate) status: Option<CommentStatus>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnParameters {
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<CommentId>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountParameters {
    /// The ids of up to 50 posts, with commas between them.
    pub(crate) posts: PostList,
}

/// Several posts in one parameter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct PostList(pub(crate) Vec<PostId>);

impl PostList {
    const MOST: usize = 50;
}

impl TryFrom<String> for PostList {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        let ids: Vec<&str> = text.split(',').take(Self::MOST + 1).collect();
        match ids.len() {
            0..=Self::MOST => ids.into_iter().map(str::parse).collect::<Result<_, _>>().map(Self),
            _ => Err(format!("must be at most {} ids of posts", Self::MOST).into()),
        }
    }
}

impl JsonSchema for PostList {
    fn schema_name() -> Cow<'static, str> {
        "PostList".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "maxLength": 37 * Self::MOST - 1,
            "pattern": "^pst_[0-9a-f]{32}(,pst_[0-9a-f]{32})*$",
            "examples": ["pst_0199c0de5a7f7cc0b5a58d0a3b8a1c2d"],
        })
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Moderation {
    pub(crate) comments: ReadComments,
    pub(crate) status: CommentStatus,
}

/// A comment as the moderator has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadComment {
    pub(crate) id: CommentId,
    /// At another version it may say something else, and is left as it is.
    #[schemars(range(min = 1, max = 9_999_999_999_u64))]
    pub(crate) version: Version,
}

/// The comments that are moderated at once, each named once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<ReadComment>")]
pub(crate) struct ReadComments(pub(crate) Vec<ReadComment>);

impl ReadComments {
    const MOST: usize = 100;
}

impl TryFrom<Vec<ReadComment>> for ReadComments {
    type Error = InvalidValue;

    fn try_from(comments: Vec<ReadComment>) -> Result<Self, InvalidValue> {
        if !(1..=Self::MOST).contains(&comments.len()) {
            return Err(format!("must be 1 to {} comments", Self::MOST).into());
        }
        let mut seen = std::collections::BTreeSet::new();
        match comments.iter().find(|comment| !seen.insert(comment.id)) {
            Some(twice) => Err(format!("must name {} once", twice.id).into()),
            None => Ok(Self(comments)),
        }
    }
}

impl JsonSchema for ReadComments {
    fn schema_name() -> Cow<'static, str> {
        "ReadComments".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<ReadComment>();
        json_schema!({
            "type": "array", "items": items, "minItems": 1, "maxItems": Self::MOST, "uniqueItems": true,
        })
    }
}
