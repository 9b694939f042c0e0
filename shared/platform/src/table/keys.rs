//! Attributes and sort keys.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use domain::Version;
use domain::event::{Aggregate, Tagged};
use domain::id::TenantId;

use super::StoreError;
use super::namespace::{self, are_equal};

pub(crate) const PK: &str = "pk";
pub(crate) const SK: &str = "sk";
pub(super) const VERSION: &str = "version";
pub(super) const DOCUMENT: &str = "doc";
pub(super) const COMMIT: &str = "commit";
pub(super) const SNAPSHOT: &str = "snapshot";
pub(super) const STATE: &str = "state";
pub(super) const COMMIT_ID: &str = "commitId";

/// The index that lists the facets of partitions, and its partition key. Its sort key is the table's.
pub(super) const FACETS: &str = "Facets";
pub(super) const FACET: &str = "facet";

/// The index that lists rows in another order than that of their sort keys, and its sort key. Its partition key is the
/// table's, so that policies guard it alike.
pub(super) const ORDERED: &str = "Ordered";
pub(super) const ORDER: &str = "orderedBy";

const RESERVED: [&str; 10] = [PK, SK, VERSION, DOCUMENT, COMMIT, SNAPSHOT, STATE, COMMIT_ID, FACET, ORDER];

/// It sorts before all that texts have in them, so that a text stands before those that it begins.
const UNIT_SEPARATOR: char = '\u{1f}';

/// The prefix of the sort keys of commits. The relay publishes every row with such a key.
const COMMITS: &str = "e#";

/// An attribute of a row beside its document, for conditions and counters. As a `const`, it cannot have the
/// name of one of the table's own attributes:
///
/// ```
/// const READ_AT: platform::table::Attribute = platform::table::Attribute::new("readAt");
/// ```
/// ```compile_fail,E0080
/// const COMMIT: platform::table::Attribute = platform::table::Attribute::new("commit");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute(pub(super) &'static str);

impl Attribute {
    pub const fn new(name: &'static str) -> Self {
        let mut index = 0;
        while index < RESERVED.len() {
            assert!(!are_equal(name, RESERVED[index]), "this attribute is the table's own");
            index += 1;
        }
        Self(name)
    }
}

/// The sort key of a row.
///
/// Only the log makes the sort keys of commits, and [`Scope::commit`](super::Scope::commit) refuses other
/// rows whose keys look like one:
///
/// ```
/// let _ = platform::table::SortKey::of(1);
/// ```
/// ```compile_fail,E0624
/// let _ = platform::table::SortKey::commit(domain::Version::FIRST);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey(Cow<'static, str>);

impl SortKey {
    /// The key of a partition's only row, or of the state beside an aggregate's commits.
    pub const SINGLE: Self = Self::word("-");

    /// The key of a row that a context knows by name.
    pub const fn word(word: &'static str) -> Self {
        Self(Cow::Borrowed(word))
    }

    /// The key with the text of a value. Text from a client needs a prefix, as in
    /// `SortKey::of(format_args!("m#{email}"))`, since it could look like the key of a commit.
    pub fn of(value: impl Display) -> Self {
        Self(Cow::Owned(value.to_string()))
    }

    /// The place of a row with this key in another order, in which it stands by the text.
    pub fn in_order(text: &str, key: impl Display) -> Self {
        Self::of(format_args!("{text}{UNIT_SEPARATOR}{key}"))
    }

    /// The text and the row's own key, of a place in another order.
    pub fn split_order(&self) -> Option<(&str, &str)> {
        self.0.rsplit_once(UNIT_SEPARATOR)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a key that is the text of an id or another value. Fails with [`StoreError::Corrupt`] if it is
    /// not.
    pub fn parse<T: FromStr<Err: Display>>(&self) -> Result<T, StoreError> {
        self.as_str().parse().map_err(StoreError::corrupt)
    }

    /// The version has ten digits, so that the keys sort as the versions do.
    pub(super) fn commit(version: Version) -> Self {
        Self::of(format_args!("{COMMITS}{:010}", version.number()))
    }

    pub(super) fn version(&self) -> Option<Version> {
        Version::from_number(self.0.strip_prefix(COMMITS)?.parse().ok()?)
    }
}

pub(super) fn looks_like_a_commit(sort_key: &str) -> bool {
    sort_key.starts_with(COMMITS)
}

/// The index's partition key. It begins with the tenant, as the table's partition keys do.
pub(super) fn facet_key(partition: &str, facet: &str) -> String {
    format!("{partition}#{facet}")
}

/// The tenant, the aggregate and the version in the keys of a commit; `None` for other keys.
pub(crate) fn parse_commit_key(pk: &str, sk: &str) -> Option<(TenantId, Tagged<Aggregate>, Version)> {
    let (tenant, partition) = pk.strip_prefix("T#")?.split_once('#')?;
    Some((tenant.parse().ok()?, namespace::aggregate_of(partition)?, SortKey::of(sk).version()?))
}

#[cfg(test)]
mod tests {
    use domain::id::OrderId;

    use super::*;
    use crate::tenancy::Tenant;

    #[test]
    fn a_commit_s_keys_have_tenant_aggregate_and_version() {
        let tenant: TenantId = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap();
        let order: OrderId = "ord_0190b5b4a3b27c10b5a58d0a3b8a1c2d".parse().unwrap();
        let version = Version::FIRST.next();
        let pk = namespace::orders::ORDER.of(order).key(&Tenant::for_tests(tenant));
        assert_eq!(pk, format!("T#{tenant}#order#{order}"));
        let sk = SortKey::commit(version);
        let sk = sk.as_str();
        assert_eq!(sk, "e#0000000002");
        assert_eq!(parse_commit_key(&pk, sk), Some((tenant, Aggregate::Order(order).into(), version)));
        for (pk, sk) in [(pk.as_str(), "x"), (&pk, "e#0"), ("T#x#order#y", sk), ("", sk), (&pk[..20], sk)] {
            assert_eq!(parse_commit_key(pk, sk), None);
        }
    }
}
