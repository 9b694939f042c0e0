//! Items that were read.

use std::collections::{BTreeSet, HashMap};
use std::fmt::{self, Display};
use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{Version, Versioned};
use serde::de::DeserializeOwned;

use super::keys::{DOCUMENT, PK, SK, VERSION};
use super::{Attribute, Partition, SortKey, StoreError};

pub(crate) type Item = HashMap<String, AttributeValue>;

/// An item that was read. Its methods fail with [`StoreError::Corrupt`] when an attribute is missing, or is
/// not of the expected form.
#[derive(Clone, PartialEq)]
pub struct Row(pub(super) Item);

/// Its keys alone: documents hold personal data, and the directory's rows password hashes.
impl fmt::Debug for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |name| self.own_text(name).unwrap_or_default();
        write!(formatter, "Row({}, {})", text(PK), text(SK))
    }
}

impl Row {
    pub(crate) fn new(item: Item) -> Self {
        Self(item)
    }

    pub(crate) fn is_at(&self, key: &Item) -> bool {
        key.iter().all(|(name, value)| self.0.get(name) == Some(value))
    }

    /// Whether the row is in the partition, of whichever tenant.
    pub fn is_in(&self, partition: &Partition) -> bool {
        self.own_text(PK).is_ok_and(|pk| {
            pk.strip_prefix("T#")
                .and_then(|rest| rest.split_once('#'))
                .is_some_and(|(_, own)| own == partition.0)
        })
    }

    pub fn sort_key(&self) -> Result<SortKey, StoreError> {
        self.own_text(SK).map(SortKey::of)
    }

    /// The sort key, for rows whose key is an id or another value.
    pub fn id<I: FromStr<Err: Display>>(&self) -> Result<I, StoreError> {
        self.own_text(SK)?.parse().map_err(StoreError::corrupt)
    }

    /// The document at its version.
    pub fn state<T: DeserializeOwned>(&self) -> Result<Versioned<T>, StoreError> {
        Ok(Versioned { version: self.version()?, value: self.document()? })
    }

    pub fn version(&self) -> Result<Version, StoreError> {
        let version = Version::from_number(self.own_number(VERSION)?);
        version.ok_or_else(|| StoreError::corrupt("version 0"))
    }

    pub(crate) fn document<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_str(self.own_text(DOCUMENT)?).map_err(StoreError::corrupt)
    }

    pub(crate) fn has_document(&self) -> bool {
        self.0.contains_key(DOCUMENT)
    }

    pub fn has(&self, Attribute(name): Attribute) -> bool {
        self.0.contains_key(name)
    }

    pub fn text(&self, Attribute(name): Attribute) -> Result<&str, StoreError> {
        self.own_text(name)
    }

    pub fn texts(&self, Attribute(name): Attribute) -> Result<BTreeSet<&str>, StoreError> {
        match self.0.get(name) {
            Some(AttributeValue::Ss(texts)) => Ok(texts.iter().map(String::as_str).collect()),
            _ => Err(StoreError::corrupt(format!("the attribute {name} is not a set of texts"))),
        }
    }

    pub fn number<T: FromStr>(&self, Attribute(name): Attribute) -> Result<T, StoreError> {
        self.own_number(name)
    }

    pub(crate) fn own_text(&self, name: &str) -> Result<&str, StoreError> {
        match self.0.get(name) {
            Some(AttributeValue::S(text)) => Ok(text),
            _ => Err(StoreError::corrupt(format!("the attribute {name} is not a text"))),
        }
    }

    pub(super) fn own_bytes(&self, name: &str) -> Option<&[u8]> {
        match self.0.get(name) {
            Some(AttributeValue::B(bytes)) => Some(bytes.as_ref()),
            _ => None,
        }
    }

    fn own_number<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        match self.0.get(name) {
            Some(AttributeValue::N(number)) => number.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| StoreError::corrupt(format!("the attribute {name} is not a whole number")))
    }
}
