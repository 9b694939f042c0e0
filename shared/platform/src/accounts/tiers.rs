//! The tiers, which are one item of the registry's table: with all of them together, one read tells what is in force
//! for any tenant.

use domain::tier::Tiers;
use domain::{Version, Versioned};

use crate::table::{Row, SharedRow, StoreError};

pub(super) const PARTITION: &str = "tiers";

pub(crate) fn row(registry_table: String) -> SharedRow {
    SharedRow { table: registry_table, partition: PARTITION }
}

/// The tiers of the code, at version 0, until an operator has changed one.
pub(super) fn tiers(row: Option<&Row>) -> Result<Versioned<Tiers>, StoreError> {
    match row {
        Some(row) => row.state(),
        None => Ok(Versioned { value: Tiers::initial(), version: Version::NONE }),
    }
}
