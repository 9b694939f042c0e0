//! From slug, e-mail address and password to an access token.

use domain::id::{TenantId, UserId};
use domain::tenant::TenantStatus;
use domain::text::{Email, Password, Slug};
use domain::user::User;
use jiff::Timestamp;

use crate::aws::shared_config;
use crate::passwords::{self, PasswordHash};
use crate::runtime::{StartError, leak};
use crate::stores::{Registry, Scope, StoreError, TenantTable};
use crate::tenancy::Tenant;
use crate::tokens::{LIFETIME_SECONDS, TokenIssuer};

pub struct SignIn {
    registry: Registry,
    table: &'static TenantTable,
    tokens: TokenIssuer,
}

pub struct AccessToken {
    pub token: String,
    pub expires_in_seconds: i64,
    pub tenant: TenantId,
}

struct Found {
    scope: Scope,
    user: UserId,
    hash: PasswordHash,
}

impl SignIn {
    pub fn open() -> Result<Self, StartError> {
        let shared = shared_config()?;
        Ok(Self {
            registry: Registry::open(&shared)?,
            table: leak(TenantTable::open(&shared)?),
            tokens: TokenIssuer::open(&shared)?,
        })
    }

    /// None for an unknown tenant, an unknown address and a wrong password alike.
    pub async fn sign_in(
        &self,
        slug: &Slug,
        email: &Email,
        password: &Password,
        now: Timestamp,
    ) -> Result<Option<AccessToken>, StoreError> {
        let Some((tenant, user)) = self.verify(slug, email, password).await? else {
            return Ok(None);
        };
        let token = self.tokens.issue(tenant, &user, now).await?;
        Ok(Some(AccessToken { token, expires_in_seconds: LIFETIME_SECONDS, tenant }))
    }

    async fn verify(
        &self,
        slug: &Slug,
        email: &Email,
        password: &Password,
    ) -> Result<Option<(TenantId, User)>, StoreError> {
        let found = self.find(slug, email).await?;
        let proved = passwords::verify(found.as_ref().map(|found| &found.hash), password);
        match found {
            Some(found) if proved => {
                let user = found.scope.users().get(found.user).await?;
                Ok(user.map(|user| (found.scope.tenant(), user)))
            }
            _ => Ok(None),
        }
    }

    async fn find(&self, slug: &Slug, email: &Email) -> Result<Option<Found>, StoreError> {
        let entry = self.registry.entry(slug).await?;
        let Some(entry) = entry.filter(|entry| entry.status == TenantStatus::Active) else {
            return Ok(None);
        };
        let scope = self.table.within(Tenant::verified(entry.tenant));
        let credential = scope.users().credential(email).await?;
        Ok(credential.map(|(user, hash)| Found { scope, user, hash }))
    }
}
