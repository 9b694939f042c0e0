//! What operators reach of a tenant.

use domain::Versioned;
use domain::id::TenantId;
use domain::tenant::TenantProfile;
use domain::tier::Tiers;

use crate::StartError;
use crate::accounts::{Counted, DecidedUser, Registry, tenants, tiers};
use crate::aws::shared_config;
use crate::config::required;
use crate::http::{OperatorCall, Precondition};
use crate::runtime::leak;
use crate::table::{AccessClass, Decided, OperatorCommand, Scope, StoreError, Vendor, Write};
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

/// A tenant, and what stands beside its profile.
pub struct Operated {
    pub profile: Versioned<TenantProfile>,
    pub counted: Counted,
    pub tiers: Tiers,
}

impl Operating {
    pub fn open() -> Result<Self, StartError> {
        Self::open_in(AccessClass::OPERATE)
    }

    /// For the route that adds admins: its sessions may write users and the directory besides.
    pub fn open_to_admit() -> Result<Self, StartError> {
        Self::open_in(AccessClass::ADMIT)
    }

    /// For the route that invites somebody to become the owner: its sessions read the role book and users, and ask for links
    /// besides.
    pub fn open_to_replace_owners() -> Result<Self, StartError> {
        Self::open_in(AccessClass::REPLACE_OWNER)
    }

    fn open_in(class: AccessClass) -> Result<Self, StartError> {
        let vendor = leak(Vendor::open(&shared_config()?, class)?);
        Ok(Self { registry_table: required("REGISTRY_TABLE")?, vendor })
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

    /// All that is shown of the tenant, read consistently in one request; `None` if there is no such tenant.
    pub async fn read(&self) -> Result<Option<Operated>, StoreError> {
        let tiers_row = tiers::row_for_decisions(self.registry_table.to_owned());
        let keys = self.scope.counts().keys();
        let ([profile, counts], stored_tiers) = self.scope.get_each_and_shared(keys, &tiers_row).await?;
        let Some(profile) = profile else { return Ok(None) };
        Ok(Some(Operated {
            counted: Counted::read(&profile, counts.as_ref())?,
            profile: tenants::profile(self.scope.tenant(), &profile)?,
            tiers: tiers::tiers(stored_tiers.as_ref())?.value,
        }))
    }

    /// Commits a new user of the tenant, also of a full or a suspended one, with what a registration by an admin commits,
    /// the row of the operators' audit and the receipt of the request in one transaction. Takes the session of
    /// [`Operating::open_to_admit`].
    ///
    /// Fails with [`Conflict::Exists`](crate::table::Conflict::Exists) when the address is taken.
    pub async fn admit(&self, user: &DecidedUser, command: &OperatorCommand) -> Result<(), StoreError> {
        self.commit_with(self.scope.users().admission(user, &command.context)?, command).await
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
        self.commit_with(writes, command).await
    }

    /// Commits these writes, the row of the operators' audit and the receipt of the request in one transaction.
    pub(super) async fn commit_with(
        &self,
        mut writes: Vec<Write>,
        command: &OperatorCommand,
    ) -> Result<(), StoreError> {
        writes.extend(command.writes(self.registry_table)?);
        self.scope.commit(writes).await
    }
}
