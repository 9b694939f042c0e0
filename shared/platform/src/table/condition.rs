//! Conditions of writes, and the values that they compare with.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Version;
use jiff::Timestamp;

use super::row::Item;

/// A condition on the item that is stored when the write takes place.
#[derive(Clone)]
pub struct Condition {
    pub(super) expression: &'static str,
    values: Vec<(&'static str, AttributeValue)>,
}

impl Condition {
    /// There is no row with this key.
    pub fn absent() -> Self {
        Self::that("attribute_not_exists(pk)")
    }

    /// There is a row with this key.
    pub fn exists() -> Self {
        Self::that("attribute_exists(pk)")
    }

    /// Whatever there is.
    pub fn always() -> Self {
        Self::that("attribute_exists(pk) OR attribute_not_exists(pk)")
    }

    /// There is no row, or one of an older version.
    pub fn older_than(version: Version) -> Self {
        Self::with("attribute_not_exists(pk) OR version < :version", ":version", version.number())
    }

    /// The row has the version that the decision was made on; for version 0, there is no row.
    pub(crate) fn expects(expected: Version) -> Self {
        match expected {
            Version::NONE => Self::absent(),
            version => Self::with("version = :version", ":version", version.number()),
        }
    }

    /// There is no row, or one that DynamoDB has yet to delete.
    pub fn absent_or_expired_at(now: Timestamp) -> Self {
        Self::with("attribute_not_exists(pk) OR expiresAt < :now", ":now", now.as_second())
    }

    /// A condition of a context, without a value.
    pub fn that(expression: &'static str) -> Self {
        Self { expression, values: Vec::new() }
    }

    /// A condition of a context, whose expression calls the value by `name`.
    pub fn with(expression: &'static str, name: &'static str, value: impl Into<Value>) -> Self {
        Self::that(expression).and_with(name, value)
    }

    /// Another value that the expression calls by name.
    pub(crate) fn and_with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into().0));
        self
    }

    /// The values by name; `None` if there are none, since DynamoDB refuses an empty map.
    pub(super) fn named_values(&self) -> Option<Item> {
        let named = self.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        (!self.values.is_empty()).then(|| named.collect())
    }
}

/// A value that a condition compares with. DynamoDB's own type is not exposed:
///
/// ```
/// let _ = platform::table::Condition::with("#count >= :least", ":least", 1_u64);
/// ```
/// ```compile_fail,E0432
/// use platform::table::AttributeValue;
/// ```
#[derive(Clone)]
pub struct Value(AttributeValue);

macro_rules! numbers {
    ($($type:ty),+) => {
        $(impl From<$type> for Value {
            fn from(number: $type) -> Self {
                Self(AttributeValue::N(number.to_string()))
            }
        })+
    };
}
numbers!(i64, u64);

impl Value {
    pub(super) fn into_attribute(self) -> AttributeValue {
        self.0
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(AttributeValue::S(text.to_owned()))
    }
}
