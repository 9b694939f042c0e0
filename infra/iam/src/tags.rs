//! Tags of principals, and those that sessions are given.

use std::collections::{BTreeMap, BTreeSet};

/// Tags by key. Keys are not case-sensitive, but keep their case.
///
/// AWS: Tags for AWS Identity and Access Management resources,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// By the key in lower case.
    by_key: BTreeMap<String, (String, String)>,
}

impl Tags {
    /// No tags.
    pub const fn none() -> Tags {
        Tags { by_key: BTreeMap::new() }
    }

    /// Collects tags. A key comes once, whatever its case.
    pub fn new(
        tags: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Result<Tags, TagError> {
        let mut by_key = BTreeMap::new();
        for (key, value) in tags {
            let (key, value) = (key.into(), value.into());
            match by_key.entry(folded(&key)) {
                std::collections::btree_map::Entry::Vacant(entry) => entry.insert((key, value)),
                std::collections::btree_map::Entry::Occupied(_) => return Err(TagError::Twice { key }),
            };
        }
        Ok(Tags { by_key })
    }

    /// The value of a tag.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.by_key.get(&folded(key)).map(|(_, value)| value.as_str())
    }

    /// Keys as they were written, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_key.values().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there is no tag.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// These tags, replaced and completed by others.
    #[must_use]
    pub fn overridden_by(&self, others: &Tags) -> Tags {
        let mut by_key = self.by_key.clone();
        by_key.extend(others.by_key.clone());
        Tags { by_key }
    }
}

/// The tags of a role's session, beside those of the role.
///
/// AWS: Pass session tags in AWS STS, <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>;
/// AssumeRole, <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionTags {
    tags: Tags,
    /// Keys, in lower case, of the tags that go on into the next session of a chain.
    transitive: BTreeSet<String>,
}

impl SessionTags {
    /// No tags.
    pub const fn none() -> SessionTags {
        SessionTags { tags: Tags::none(), transitive: BTreeSet::new() }
    }

    /// The tags of a new session: those that the request passes, and the transitive ones of the caller's own session.
    /// Tags that a session inherits stay transitive. Tags of roles never are.
    ///
    /// Refused is what `AssumeRole` refuses: a tag that the session inherits cannot be passed again, and what is to be
    /// transitive has to be passed.
    pub fn issue(
        caller: &SessionTags,
        passed: &Tags,
        transitive_keys: &[impl AsRef<str>],
    ) -> Result<SessionTags, TagError> {
        let inherited = caller.inherited();
        if passed.by_key.len() > 50 {
            return Err(TagError::TooMany);
        }
        for (key, value) in passed.iter() {
            check(key, value)?;
            if inherited.get(key).is_some() {
                return Err(TagError::Inherited { key: key.to_owned() });
            }
        }
        let mut transitive = caller.transitive.clone();
        for key in transitive_keys.iter().map(AsRef::as_ref) {
            if passed.get(key).is_none() {
                return Err(TagError::NotPassed { key: key.to_owned() });
            }
            transitive.insert(folded(key));
        }
        Ok(SessionTags { tags: inherited.overridden_by(passed), transitive })
    }

    /// All tags of the session.
    pub fn tags(&self) -> &Tags {
        &self.tags
    }

    /// The tags that a session inherits which is assumed from this one.
    pub fn inherited(&self) -> Tags {
        let is_transitive = |(key, _): &(&String, &(String, String))| self.transitive.contains(*key);
        let by_key = self.tags.by_key.iter().filter(is_transitive);
        Tags { by_key: by_key.map(|(key, tag)| (key.clone(), tag.clone())).collect() }
    }
}

/// The limits of session tags, and the characters that tags consist of.
fn check(key: &str, value: &str) -> Result<(), TagError> {
    let is_allowed =
        |letter: char| letter.is_alphanumeric() || letter.is_whitespace() || "_.:/=+-@".contains(letter);
    let is_reserved = |text: &str| text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    let lengths = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
    if !lengths || is_reserved(key) || is_reserved(value) || !key.chars().chain(value.chars()).all(is_allowed)
    {
        return Err(TagError::Malformed { key: key.to_owned() });
    }
    Ok(())
}

fn folded(key: &str) -> String {
    key.to_ascii_lowercase()
}

/// Tags that `AssumeRole` refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// Two keys that differ in case at most.
    #[error("the tag {key} comes twice; keys of tags are not case-sensitive")]
    Twice {
        /// The second key.
        key: String,
    },
    /// More than fifty.
    #[error("more than 50 session tags; pass fewer")]
    TooMany,
    /// A key or a value of a wrong length, with a wrong character, or with a prefix that is reserved.
    #[error("the tag {key} has a key or a value that is too long, reserved or malformed")]
    Malformed {
        /// Its key.
        key: String,
    },
    /// A tag that comes from the caller's session already.
    #[error("the tag {key} is inherited from the caller's session and cannot be passed again")]
    Inherited {
        /// Its key.
        key: String,
    },
    /// A key that is to be transitive, of a tag that is not passed.
    #[error("the transitive key {key} is not that of a tag which is passed")]
    NotPassed {
        /// The key.
        key: String,
    },
}
