//! What is reached of a tenant whose day is closed.

use domain::tenant::TenantProfile;

use crate::StartError;
use crate::aws::shared_config;
use crate::runtime::leak;
use crate::table::{AccessClass, Scope, StoreError, Unclosed, Vendor};
use crate::tenancy::Tenant;

/// Opens sessions for the tenants that the ledger names.
pub struct Closing(&'static Vendor);

impl Closing {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self(leak(Vendor::open(&shared_config()?, AccessClass::CLOSE_USAGE)?)))
    }

    /// The tenant of a row and its profile, read consistently; `None` if there is no such tenant, or none any more. What
    /// names a tenant in the ledger is a line of the log, which proves nothing.
    pub async fn tenant(&'static self, row: &Unclosed) -> Result<Option<(Scope, TenantProfile)>, StoreError> {
        let scope = self.0.scope(Tenant::from_ledger(row.tenant())).await?;
        Ok(scope.tenants().find().await?.map(|profile| (scope, profile.value)))
    }
}
