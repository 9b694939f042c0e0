//! The onboarding of tenants.

use domain::tenant::TenantDecision;
use domain::text::Password;
use domain::user::UserDecision;

use crate::StartError;
use crate::accounts::{Registry, passwords};
use crate::aws::shared_config;
use crate::config::required;
use crate::runtime::leak;
use crate::table::namespace::accounts::TENANT;
use crate::table::{CommandContext, Decided, StoreError, TenantTable};
use crate::tenancy::Tenant;

/// Creates tenants. Nothing else writes the registry and a tenant's data in one transaction.
pub struct Onboarding {
    registry_table: String,
    table: &'static TenantTable,
}

impl Onboarding {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self {
            registry_table: required("REGISTRY_TABLE")?,
            table: leak(TenantTable::open(&shared_config()?)?),
        })
    }

    /// Commits the slug, the profile, the first admin, the admin's directory entry and the event in one
    /// transaction.
    ///
    /// Fails with [`Conflict::Exists`](crate::table::Conflict::Exists) when the slug is taken.
    pub async fn onboard(
        &self,
        tenant: TenantDecision,
        admin: UserDecision,
        password: &Password,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let id = tenant.next.id;
        let scope = self.table.within(Tenant::onboarding(id));
        let password = passwords::hash(password).map_err(StoreError::corrupt)?;
        let (tenant, admin) = (Decided::first(tenant), Decided::first(admin));
        let mut writes = vec![
            Registry::registration(&self.registry_table, &tenant.next.value)?,
            scope.tenants().creation(&tenant, admin.next.value.id)?,
        ];
        writes.extend(scope.users().rows(&admin, Some(&password))?);
        writes.extend(scope.log(&TENANT, id)?.events(&tenant, context)?);
        scope.commit(writes).await
    }
}
