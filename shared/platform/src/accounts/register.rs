//! The register: a row for each tenant, which a projection writes, for lists of tenants.
//!
//! Its rows are in the order of ids, which is that of onboarding: a tenant's place never changes, whatever it is
//! renamed to, and its id is a cursor.

use domain::Versioned;
use domain::id::TenantId;
use domain::tenant::{TenantProfile, TenantStatus};
use domain::text::{Slug, TenantName, TierName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::accounts::registry;
use crate::accounts::registry::Entry;
use crate::config::{ConfigError, required};
use crate::table::namespace::accounts::TENANT;
use crate::table::{
    Condition, Conflict, Listing, OperatorRegistry, Page, Row, Scope, SortKey, StoreError, Write,
};

const REGISTER: &str = "tenants";
const NEWER: Conflict = Conflict::Exists("newer row of the register");

/// A tenant, as the register shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredTenant {
    pub id: TenantId,
    pub entry: RegisterEntry,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterEntry {
    pub name: TenantName,
    pub slug: Slug,
    pub tier: TierName,
    pub status: TenantStatus,
    pub onboarded_at: Timestamp,
}

/// Which tenants to list. A tenant has to match everything that is given.
#[derive(Debug, Default)]
pub struct RegisterFilter {
    pub status: Option<TenantStatus>,
    pub tier: Option<TierName>,
    /// The beginning of the name, in any case.
    pub name: Option<TenantName>,
    pub slug: Option<Slug>,
}

/// Where the projection writes.
pub struct Register {
    table: String,
}

impl Register {
    pub fn open() -> Result<Self, ConfigError> {
        Ok(Self { table: required("REGISTRY_TABLE")? })
    }

    /// Puts the row of the scope's tenant as its profile is now, unless the row there is as new.
    pub async fn catch_up(&self, scope: &Scope) -> Result<(), StoreError> {
        let profile = scope.tenants().get().await?;
        let first = scope.log(&TENANT, scope.tenant())?.first_commit().await?;
        let first = first.ok_or_else(|| StoreError::corrupt("the tenant has no first commit"))?;
        let write = self.row(profile, first.read()?.stamp.at)?;
        match scope.commit(vec![write]).await {
            Err(StoreError::Conflict(was)) if was == NEWER => Ok(()),
            outcome => outcome,
        }
    }

    fn row(
        &self,
        Versioned { value, version }: Versioned<TenantProfile>,
        onboarded_at: Timestamp,
    ) -> Result<Write, StoreError> {
        let (id, status) = (value.id, value.status());
        let TenantProfile { name, slug, tier, .. } = value;
        let entry = RegisterEntry { name, slug, tier, status, onboarded_at };
        let key = (REGISTER.to_owned(), &SortKey::of(id));
        let write = Write::in_registry(&self.table, key, Condition::older_than(version), NEWER, &entry)?;
        Ok(write.at_version(version))
    }
}

impl OperatorRegistry {
    /// Lists tenants, the newest first.
    pub async fn tenants(
        &self,
        filter: &RegisterFilter,
        limit: usize,
        cursor: Option<TenantId>,
    ) -> Result<Page<RegisteredTenant, TenantId>, StoreError> {
        if let Some(slug) = &filter.slug {
            return self.tenant_of(slug, filter, cursor).await;
        }
        let listing = Listing { cursor: cursor.map(SortKey::of), limit, ..Listing::default() };
        let matches = |tenant: &RegisteredTenant| filter.matches(&tenant.entry);
        let page = self.list(REGISTER, listing, filter.is_one().then_some(matches), registered);
        page.await?.with_cursor()
    }

    /// A slug is of one tenant, whose entry of the registry tells its id.
    async fn tenant_of(
        &self,
        slug: &Slug,
        filter: &RegisterFilter,
        cursor: Option<TenantId>,
    ) -> Result<Page<RegisteredTenant, TenantId>, StoreError> {
        let entry = self.get(&registry::slug_key(slug), &SortKey::SINGLE).await?;
        let entry = entry.map(|row| row.document::<Entry>()).transpose()?;
        let row = match entry {
            Some(Entry { tenant, .. }) => self.get(REGISTER, &SortKey::of(tenant)).await?,
            None => None,
        };
        let tenant = row.as_ref().map(registered).transpose()?;
        let is_listed = |tenant: &RegisteredTenant| {
            filter.matches(&tenant.entry) && cursor.is_none_or(|cursor| tenant.id < cursor)
        };
        Ok(Page { items: tenant.into_iter().filter(is_listed).collect(), next_cursor: None })
    }
}

impl RegisterFilter {
    fn is_one(&self) -> bool {
        self.status.is_some() || self.tier.is_some() || self.name.is_some()
    }

    fn matches(&self, entry: &RegisterEntry) -> bool {
        self.status.is_none_or(|status| entry.status == status)
            && self.tier.as_ref().is_none_or(|tier| entry.tier == *tier)
            && self.name.as_ref().is_none_or(|name| folded(&entry.name).starts_with(&folded(name)))
    }
}

/// Without its case, as far as Unicode has one.
fn folded(name: &TenantName) -> String {
    name.as_str().to_lowercase()
}

fn registered(row: &Row) -> Result<RegisteredTenant, StoreError> {
    Ok(RegisteredTenant { id: row.id()?, entry: row.document()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> RegisterEntry {
        RegisterEntry {
            name: name.to_owned().try_into().unwrap(),
            slug: "acme".to_owned().try_into().unwrap(),
            tier: "free".to_owned().try_into().unwrap(),
            status: TenantStatus::Active,
            onboarded_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_name_is_found_by_its_beginning_in_any_case() {
        let found = |name: &str, asked: &str| {
            let name_asked = Some(asked.to_owned().try_into().unwrap());
            RegisterFilter { name: name_asked, ..RegisterFilter::default() }.matches(&entry(name))
        };
        for asked in ["A", "acme", "ACME", "acme gmbh & co"] {
            assert!(found("Acme GmbH & Co", asked), "{asked}");
        }
        assert!(found("ÉCLAIR", "éc"));
        for asked in ["cme", "acme  gmbh", "gmbh", "acme gmbh & co kg"] {
            assert!(!found("Acme GmbH & Co", asked), "{asked}");
        }
    }
}
