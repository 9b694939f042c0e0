//! Places in the register.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::UserId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::table::{By, SortKey, StoreError};

/// The last user of a page. Where users are sorted by name, the place by name stands before the id, so that a user who
/// is renamed meanwhile does not move it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PeopleCursor {
    name: Option<String>,
    id: UserId,
}

impl PeopleCursor {
    /// Of the sort key at which a page ended.
    pub(super) fn of(position: &SortKey) -> Result<Self, StoreError> {
        let (name, id) = match position.split_order() {
            Some((name, id)) => (Some(name.to_owned()), id),
            None => (None, position.as_str()),
        };
        Ok(Self { name, id: id.parse().map_err(StoreError::corrupt)? })
    }

    pub(super) fn position(&self, by: By<'_>) -> SortKey {
        match by {
            By::Order => SortKey::in_order(self.name.as_deref().unwrap_or_default(), self.id),
            By::SortKey | By::Facet(_) => SortKey::of(self.id),
        }
    }
}

impl TryFrom<String> for PeopleCursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const RULE: &str = "must be the nextCursor of a page";
        let (name, id) = match text.split_once('~') {
            Some((name, id)) => (Some(URL_SAFE_NO_PAD.decode(name).map_err(|_| RULE)?), id),
            None => (None, text.as_str()),
        };
        let name = name.map(String::from_utf8).transpose().map_err(|_| RULE)?;
        Ok(Self { name, id: id.parse().map_err(|_| RULE)? })
    }
}

impl From<PeopleCursor> for String {
    fn from(PeopleCursor { name, id }: PeopleCursor) -> String {
        match name {
            Some(name) => format!("{}~{id}", URL_SAFE_NO_PAD.encode(name)),
            None => id.to_string(),
        }
    }
}

impl JsonSchema for PeopleCursor {
    fn schema_name() -> Cow<'static, str> {
        "PeopleCursor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "maxLength": 300, "pattern": "^([A-Za-z0-9_-]*~)?usr_[0-9a-f]{32}$",
            "examples": ["YWRhIGFkbWlu~usr_0199c0de5a7f7cc0b5a58d0a3b8a1c2d"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_in_either_order() {
        let id = "usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
        let by_name = |name| (By::Order, SortKey::in_order(name, id));
        for (by, position) in [by_name("a~b é"), by_name(""), (By::SortKey, SortKey::of(id))] {
            let text = String::from(PeopleCursor::of(&position).unwrap());
            assert!(text.is_ascii(), "{text}");
            assert_eq!(PeopleCursor::try_from(text).unwrap().position(by), position);
        }
        for broken in
            ["", "usr_1", "!~usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d", "_w~usr_0190b5b4a3b27c10b5a58d0a3b8a1c2d"]
        {
            assert!(PeopleCursor::try_from(broken.to_owned()).is_err(), "{broken}");
        }
    }
}
