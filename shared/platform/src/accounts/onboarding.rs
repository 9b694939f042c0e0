//! The onboarding of tenants.

use domain::id::{TenantId, UserId};
use domain::person::Person;
use domain::plugin::Plugins;
use domain::registration::Registration;
use domain::tenant::TenantProfile;
use domain::text::{Email, Password, PersonName, Slug, TenantName, TierName};
use domain::tier::{Overrides, Tiers};
use domain::user::User;
use domain::{Stamp, Versioned};

use crate::StartError;
use crate::accounts::Registry;
use crate::accounts::passwords::{self, PasswordHash};
use crate::aws::shared_config;
use crate::new_id;
use crate::runtime::leak;
use crate::table::namespace::accounts::TENANT;
use crate::table::{AccessClass, Decided, OperatorCommand, StoreError, Vendor};
use crate::tenancy::Tenant;

/// Creates tenants.
pub struct Onboarding {
    registry: Registry,
    vendor: &'static Vendor,
}

/// What an operator says of a new tenant. Its id is made here: a caller who could choose it could write into
/// the partitions of another tenant.
pub struct NewTenant {
    pub name: TenantName,
    pub slug: Slug,
    pub tier: TierName,
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
        let shared = shared_config()?;
        let vendor = leak(Vendor::open(&shared, AccessClass::ONBOARD)?);
        Ok(Self { registry: Registry::open(&shared)?, vendor })
    }

    /// The tiers that a new tenant may have. None of them will be deleted meanwhile.
    pub async fn tiers(&self) -> Result<Tiers, StoreError> {
        Ok(self.registry.tiers().await?.value)
    }

    /// Commits the slug, the profile, the first admin as its owner, the
    /// admin's directory entry, the role book, the event, the row of the
    /// operators' audit and the receipt of the request in one transaction.
    ///
    /// Fails with [`Conflict::Exists`](crate::table::Conflict::Exists) when the slug is taken.
    pub async fn commit(&self, decided: &DecidedTenant, command: &OperatorCommand) -> Result<(), StoreError> {
        let DecidedTenant { tenant, admin, password } = decided;
        let id = tenant.next.value.id;
        let scope = self.vendor.scope(Tenant::onboarding(id)).await?;
        let mut writes = vec![
            Registry::registration(self.registry.table(), &tenant.next.value)?,
            scope.tenants().creation(tenant)?,
            scope.role_books().creation(admin.next.value.id)?,
            scope.people().creation(),
        ];
        writes.extend(scope.users().rows(admin, Some(password))?);
        writes.extend(scope.staff().row(admin));
        writes.extend(scope.log(&TENANT, id)?.events(tenant, &command.context)?);
        writes.extend(command.writes(self.registry.table())?);
        scope.commit(writes).await
    }
}

/// A tenant and its first admin, which are decided and not committed.
#[must_use = "a decision changes nothing until it is committed"]
pub struct DecidedTenant {
    tenant: Decided<TenantProfile>,
    admin: Decided<User>,
    password: PasswordHash,
}

impl NewTenant {
    /// Decides the onboarding.
    pub fn decide(self, stamp: Stamp) -> Result<DecidedTenant, StoreError> {
        let Self { name, slug, tier, admin } = self;
        let password = passwords::hash(&admin.password).map_err(StoreError::corrupt)?;
        let person = Person::named(admin.name);
        let admin = User::first_admin(new_id(UserId::from_uuid), person, admin.email, stamp.clone());
        let id = new_id(TenantId::from_uuid);
        let overrides = Overrides::default();
        let registration = Registration::default();
        let plugins = Plugins::default();
        let profile =
            TenantProfile { id, name, slug, tier, suspension: None, overrides, registration, plugins };
        let tenant = Decided::first(profile.onboard(&admin.next, stamp));
        Ok(DecidedTenant { tenant, admin: Decided::first(admin), password })
    }
}

impl DecidedTenant {
    pub fn tenant(&self) -> &Versioned<TenantProfile> {
        &self.tenant.next
    }

    pub fn admin(&self) -> &User {
        &self.admin.next.value
    }
}
