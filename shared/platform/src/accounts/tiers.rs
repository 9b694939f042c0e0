//! The tiers, which are one item of the registry's table: with all of them together, one read tells what is in force
//! for any tenant.

use std::convert::Infallible;

use domain::tier::Tiers;
use domain::{Version, Versioned};

use crate::table::{Decided, OperatorCommand, OperatorRegistry, Row, SharedRow, SortKey, StoreError};

pub(super) const PARTITION: &str = "tiers";

/// For requests that are authorized: what is in force may be that of a moment ago, since it is used for a minute.
pub(crate) fn row(table: String) -> SharedRow {
    SharedRow { table, partition: PARTITION, is_consistent: false }
}

/// For operators, who may use a tier as soon as they have made it.
pub(super) fn row_for_decisions(table: String) -> SharedRow {
    SharedRow { table, partition: PARTITION, is_consistent: true }
}

/// The tiers of the code, at version 0, until an operator has changed one.
pub(super) fn tiers(row: Option<&Row>) -> Result<Versioned<Tiers>, StoreError> {
    match row {
        Some(row) => row.state(),
        None => Ok(Versioned { value: Tiers::initial(), version: Version::NONE }),
    }
}

impl OperatorRegistry {
    /// Read consistently.
    pub async fn tiers(&self) -> Result<Versioned<Tiers>, StoreError> {
        tiers(self.get(PARTITION, &SortKey::SINGLE).await?.as_ref())
    }

    /// Commits the tiers with the row of the operators' audit, on the condition that nobody has changed one meanwhile.
    pub async fn commit_tiers(
        &self,
        decided: &Decided<Tiers, Infallible>,
        command: &OperatorCommand,
    ) -> Result<(), StoreError> {
        self.commit(vec![self.decided_state(PARTITION, decided)?], command).await
    }
}
