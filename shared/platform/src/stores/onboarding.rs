use domain::tenant::TenantProfile;
use domain::text::Password;
use domain::user::User;

use crate::aws::shared_config;
use crate::config::required;
use crate::events::{Aggregate, Event, TenantOnboarded};
use crate::passwords;
use crate::runtime::{StartError, leak};
use crate::stores::{CommandContext, Registry, StoreError, TenantTable, Version};
use crate::tenancy::Tenant;

/// Creates tenants: the one place that writes the registry and a tenant's partition together.
pub struct Onboarding {
    registry_table: String,
    table: &'static TenantTable,
}

pub struct NewTenant {
    pub profile: TenantProfile,
    pub admin: User,
    pub password: Password,
}

impl Onboarding {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self {
            registry_table: required("REGISTRY_TABLE")?,
            table: leak(TenantTable::open(&shared_config()?)?),
        })
    }

    /// All or nothing: slug, profile, first admin, the admin's address, and the event.
    pub async fn onboard(&self, new: &NewTenant, context: &CommandContext) -> Result<(), StoreError> {
        let NewTenant { profile, admin, password } = new;
        let scope = self.table.within(Tenant::verified(profile.id));
        let password = passwords::hash(password).map_err(StoreError::corrupt)?;
        let event = Event::TenantOnboarded(TenantOnboarded {
            name: profile.name.clone(),
            slug: profile.slug.clone(),
            tier: profile.tier,
            admin: admin.id,
            admin_name: admin.name.clone(),
            admin_email: admin.email.clone(),
        });
        let mut writes = vec![
            Registry::registration(&self.registry_table, profile)?,
            scope.tenants().creation(profile, admin.id)?,
        ];
        writes.extend(scope.users().creation(admin, &password)?);
        let aggregate = Aggregate::Tenant(profile.id);
        writes.extend(scope.event_writes(aggregate, Version::FIRST, &[event], None, context)?);
        scope.commit(writes).await
    }
}
