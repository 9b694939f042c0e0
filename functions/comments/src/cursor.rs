//! Places among the comments on a post.

use std::borrow::Cow;

use domain::InvalidValue;
use domain::id::CommentId;
use platform::table::SortKey;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The last comment of a page: a root, or a reply behind its root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ThreadCursor {
    root: CommentId,
    reply: Option<CommentId>,
}

impl ThreadCursor {
    pub(crate) fn key(&self) -> SortKey {
        SortKey::of(String::from(self.clone()))
    }

    pub(crate) fn at(root: Option<CommentId>, id: CommentId) -> Self {
        match root {
            Some(root) => Self { root, reply: Some(id) },
            None => Self { root: id, reply: None },
        }
    }
}

impl TryFrom<String> for ThreadCursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let id = |text: &str| text.parse().map_err(|_: InvalidValue| "must be the nextCursor of a page");
        match text.split_once('~') {
            Some((root, reply)) => Ok(Self { root: id(root)?, reply: Some(id(reply)?) }),
            None => Ok(Self { root: id(&text)?, reply: None }),
        }
    }
}

impl From<ThreadCursor> for String {
    fn from(ThreadCursor { root, reply }: ThreadCursor) -> String {
        match reply {
            Some(reply) => format!("{root}~{reply}"),
            None => root.to_string(),
        }
    }
}

impl JsonSchema for ThreadCursor {
    fn schema_name() -> Cow<'static, str> {
        "ThreadCursor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "maxLength": 73, "pattern": "^cmt_[0-9a-f]{32}(~cmt_[0-9a-f]{32})?$",
            "examples": ["cmt_0199c0de5a7f7cc0b5a58d0a3b8a1c2d"],
        })
    }
}
