//! The onboarding of tenants.

use domain::id::{TenantId, UserId};
use domain::tenant::{TenantProfile, TenantStatus, Tier};
use domain::text::{Email, Password, PersonName, Slug, TenantName};
use domain::user::User;
use domain::{Stamp, Versioned};

use crate::StartError;
use crate::accounts::{Registry, passwords};
use crate::aws::shared_config;
use crate::config::required;
use crate::new_id;
use crate::runtime::leak;
use crate::table::namespace::accounts::TENANT;
use crate::table::{AccessClass, CommandContext, Decided, StoreError, Vendor};
use crate::tenancy::Tenant;

/// Creates tenants. Nothing else writes the registry and a tenant's data in one transaction.
pub struct Onboarding {
    registry_table: String,
    vendor: &'static Vendor,
}

/// What an operator says of a new tenant. Its id is made here: a caller who could choose it could write into
/// the partitions of another tenant.
pub struct NewTenant {
    pub name: TenantName,
    pub slug: Slug,
    pub tier: Tier,
    pub admin: NewAdmin,
}

/// The first admin of a new tenant.
pub struct NewAdmin {
    pub name: PersonName,
    pub email: Email,
    pub password: Password,
}

impl Onboarding {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self {
            registry_table: required("REGISTRY_TABLE")?,
            vendor: leak(Vendor::open(&shared_config()?, AccessClass::ONBOARD)?),
        })
    }

    /// Commits the slug, the profile, the first admin, the admin's directory entry and the event in one
    /// transaction.
    ///
    /// Fails with [`Conflict::Exists`](crate::table::Conflict::Exists) when the slug is taken.
    pub async fn onboard(
        &self,
        NewTenant { name, slug, tier, admin }: NewTenant,
        stamp: Stamp,
        context: &CommandContext,
    ) -> Result<(Versioned<TenantProfile>, Versioned<User>), StoreError> {
        let password = passwords::hash(&admin.password).map_err(StoreError::corrupt)?;
        let admin = User::first_admin(new_id(UserId::from_uuid), admin.name, admin.email, stamp);
        let id = new_id(TenantId::from_uuid);
        let profile = TenantProfile { id, name, slug, tier, status: TenantStatus::Active };
        let tenant = Decided::first(profile.onboard(&admin.next, stamp));
        let admin = Decided::first(admin);
        let scope = self.vendor.scope(Tenant::onboarding(id)).await?;
        let mut writes = vec![
            Registry::registration(&self.registry_table, &tenant.next.value)?,
            scope.tenants().creation(&tenant, admin.next.value.id)?,
        ];
        writes.extend(scope.users().rows(&admin, Some(&password))?);
        writes.extend(scope.log(&TENANT, id)?.events(&tenant, context)?);
        scope.commit(writes).await?;
        Ok((tenant.next, admin.next))
    }
}
