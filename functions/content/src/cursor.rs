//! Places in lists of posts.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use domain::InvalidValue;
use domain::id::PostId;
use jiff::Timestamp;
use platform::table::SortKey;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// The last post of a page. Where posts are sorted by publication, its time stands before the id, so that a post that is
/// published anew meanwhile moves no place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct PostCursor {
    published: Option<Published>,
    id: PostId,
}

/// When a post was published, in a form that sorts as the times do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Published(u64);

impl Published {
    const DIGITS: usize = 14;

    fn parse(text: &str) -> Option<Self> {
        let is_spelled = text.len() == Self::DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        is_spelled.then(|| text.parse().ok().map(Self)).flatten()
    }
}

impl From<Timestamp> for Published {
    fn from(at: Timestamp) -> Self {
        Self(u64::try_from(at.as_millisecond()).unwrap_or_default())
    }
}

impl fmt::Display for Published {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:0width$}", self.0, width = Self::DIGITS)
    }
}

impl PostCursor {
    /// The place in a list of which others' posts are left out, told without the id of one of these: behind the last post
    /// of the page, or behind all of the same millisecond. The next page reads some rows again, and shows no post again.
    pub(crate) fn concealed(self, last: Option<PostId>) -> Self {
        Self { published: None, id: last.unwrap_or_else(|| self.id.last_of_its_millisecond()) }
    }

    const RULE: &str = "must be the nextCursor of a page in the same order";

    /// Fails if the cursor is one of another order.
    pub(crate) fn position(&self, by_publication: bool) -> Result<SortKey, &'static str> {
        match (by_publication, self.published) {
            (true, Some(published)) => Ok(SortKey::in_order(&published.to_string(), self.id)),
            (false, None) => Ok(SortKey::of(self.id)),
            _ => Err(Self::RULE),
        }
    }
}

/// Reads the sort key at which a page ended.
impl FromStr for PostCursor {
    type Err = InvalidValue;

    fn from_str(position: &str) -> Result<Self, InvalidValue> {
        let key = SortKey::of(position);
        match key.split_order() {
            Some((published, id)) => Ok(Self { published: Published::parse(published), id: id.parse()? }),
            None => Ok(Self { published: None, id: position.parse()? }),
        }
    }
}

impl TryFrom<String> for PostCursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (published, id) = match text.split_once('~') {
            Some((published, id)) => (Some(Published::parse(published).ok_or(Self::RULE)?), id),
            None => (None, text.as_str()),
        };
        Ok(Self { published, id: id.parse().map_err(|_: InvalidValue| Self::RULE)? })
    }
}

impl fmt::Display for PostCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.published {
            Some(published) => write!(formatter, "{published}~{}", self.id),
            None => self.id.fmt(formatter),
        }
    }
}

impl serde::Serialize for PostCursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for PostCursor {
    fn schema_name() -> Cow<'static, str> {
        "PostCursor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "maxLength": 60, "pattern": "^([0-9]{14}~)?pst_[0-9a-f]{32}$",
            "examples": ["01772600767089~pst_0199c0de5a7f7cc0b5a58d0a3b8a1c2d"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_in_its_own_order() {
        let id = "pst_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
        let at: Timestamp = "2026-03-04T05:06:07.089Z".parse().unwrap();
        let by_publication = SortKey::in_order(&Published::from(at).to_string(), id);
        for (is_by_publication, position) in [(true, by_publication), (false, SortKey::of(id))] {
            let cursor: PostCursor = position.as_str().parse().unwrap();
            let read = PostCursor::try_from(cursor.to_string()).unwrap();
            assert_eq!(read.position(is_by_publication), Ok(position));
            assert_eq!(read.position(!is_by_publication), Err(PostCursor::RULE));
        }
        for broken in
            ["", "pst_1", "1~pst_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "~pst_0190b5b4a3b27c10b5a58d0a3b8a1c2d"]
        {
            assert!(PostCursor::try_from(broken.to_owned()).is_err(), "{broken}");
        }
    }
}
