//! What a tenant decides about comments.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CommentRefusal;
use crate::plugin::Configuration;
use crate::rule::{InvalidValue, whole};
use crate::text::{BlockedWord, CommentText};

whole!(
    /// After how many days the comments on a post are closed.
    ClosedAfter, 1..=3650
);
whole!(
    /// How many characters a comment may have.
    LongestComment, 1..=10_000
);

/// How comments are written in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CommentRules {
    /// Whether a comment waits for a moderator before others see it. Those of moderators do not.
    pub premoderation: bool,
    /// How many days after the publication of a post its comments are closed; never, if it is null.
    pub closed_after_days: Option<ClosedAfter>,
    /// How many characters a comment may have.
    pub longest: LongestComment,
    /// No comment may have these words.
    pub blocked_words: BlockedWords,
}

impl Default for CommentRules {
    fn default() -> CommentRules {
        CommentRules {
            premoderation: true,
            closed_after_days: None,
            longest: LongestComment(2_000),
            blocked_words: BlockedWords::default(),
        }
    }
}

impl Configuration for CommentRules {}

/// The words that no comment may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<BlockedWord>", into = "Vec<BlockedWord>")]
pub struct BlockedWords(Vec<BlockedWord>);

impl BlockedWords {
    pub const MOST: usize = 200;
}

impl TryFrom<Vec<BlockedWord>> for BlockedWords {
    type Error = InvalidValue;

    fn try_from(words: Vec<BlockedWord>) -> Result<BlockedWords, InvalidValue> {
        match words.len() {
            0..=BlockedWords::MOST => Ok(BlockedWords(words)),
            _ => Err(format!("must be at most {} words", BlockedWords::MOST).into()),
        }
    }
}

impl From<BlockedWords> for Vec<BlockedWord> {
    fn from(BlockedWords(words): BlockedWords) -> Vec<BlockedWord> {
        words
    }
}

impl JsonSchema for BlockedWords {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "BlockedWords".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items = generator.subschema_for::<BlockedWord>();
        schemars::json_schema!({ "type": "array", "items": items, "maxItems": BlockedWords::MOST })
    }
}

/// Why a text is not taken. It continues the name of the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextRefusal {
    #[error("must be at most {0} characters long")]
    TooLong(u64),
    #[error("must not contain the blocked word \"{0}\"; leave it out")]
    Blocked(String),
}

impl CommentRules {
    pub fn admit(&self, text: &CommentText) -> Result<(), TextRefusal> {
        if text.as_str().chars().count() as u64 > self.longest.get() {
            return Err(TextRefusal::TooLong(self.longest.get()));
        }
        match text.first_of(&self.blocked_words.0) {
            Some(word) => Err(TextRefusal::Blocked(word.as_str().to_owned())),
            None => Ok(()),
        }
    }

    /// Comments are written on a post that is published, until they are closed.
    pub fn require_open(&self, live_since: Option<Timestamp>, now: Timestamp) -> Result<(), CommentRefusal> {
        let Some(since) = live_since else { return Err(CommentRefusal::NotPublished) };
        let Some(days) = self.closed_after_days else { return Ok(()) };
        let open_for = SignedDuration::from_hours(24 * i64::try_from(days.get()).unwrap_or(i64::MAX / 24));
        match now.duration_since(since) < open_for {
            true => Ok(()),
            false => Err(CommentRefusal::Closed(days.get())),
        }
    }
}
