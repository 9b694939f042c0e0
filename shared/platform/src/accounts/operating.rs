//! What operators reach of a tenant.

use domain::Versioned;
use domain::id::TenantId;
use domain::tenant::TenantProfile;

use crate::StartError;
use crate::accounts::Registry;
use crate::aws::shared_config;
use crate::config::required;
use crate::http::{OperatorCall, Precondition};
use crate::runtime::leak;
use crate::table::{AccessClass, Decided, OperatorCommand, Scope, StoreError, Vendor};
use crate::tenancy::Tenant;

/// Opens sessions for the tenants that operators name.
pub struct Operating {
    registry_table: String,
    vendor: &'static Vendor,
}

/// What operators reach of one tenant, if there is such a tenant.
pub struct OperatedTenant {
    scope: Scope,
    registry_table: &'static str,
}

impl Operating {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self {
            registry_table: required("REGISTRY_TABLE")?,
            vendor: leak(Vendor::open(&shared_config()?, AccessClass::OPERATE)?),
        })
    }

    /// The tenant with this id, for the operator who has signed the call.
    pub async fn tenant<P, B, C: Precondition>(
        &'static self,
        _: &OperatorCall<P, B, C>,
        id: TenantId,
    ) -> Result<OperatedTenant, StoreError> {
        let scope = self.vendor.scope(Tenant::from_operator(id)).await?;
        Ok(OperatedTenant { scope, registry_table: &self.registry_table })
    }
}

impl OperatedTenant {
    /// The profile, read consistently; `None` if there is no such tenant.
    pub async fn profile(&self) -> Result<Option<Versioned<TenantProfile>>, StoreError> {
        self.scope.tenants().find().await
    }

    /// For questions of contexts. The session reaches few partitions, and its commits need an [`OperatorCommand`].
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Commits a change of the profile, the registry's entry if the status changes, the events, the row of the
    /// operators' audit and the receipt of the request in one transaction.
    pub async fn commit(
        &self,
        decided: &Decided<TenantProfile>,
        command: &OperatorCommand,
    ) -> Result<(), StoreError> {
        let mut writes = self.scope.tenants().change(decided, &command.context)?;
        let next = &decided.next.value;
        if decided.before.as_ref().is_none_or(|before| before.status() != next.status()) {
            writes.push(Registry::restatement(self.registry_table, next)?);
        }
        writes.extend(command.writes(self.registry_table)?);
        self.scope.commit(writes).await
    }
}
