//! From slug, e-mail address and password to a session, and on with it by its refresh tokens.

use domain::id::TenantId;
use domain::tenant::TenantStatus;
use domain::text::{Email, Password, Slug};
use jiff::Timestamp;

use crate::aws::shared_config;
use crate::passwords::{self, PasswordHash};
use crate::runtime::{StartError, leak};
use crate::stores::{LoadedUser, Registry, Scope, StoreError, TenantTable};
use crate::tenancy::Tenant;
use crate::tokens::{LIFETIME_SECONDS, RefreshToken, TokenIssuer};

pub struct SignIn {
    registry: Registry,
    table: &'static TenantTable,
    tokens: TokenIssuer,
}

pub struct Renewal {
    table: &'static TenantTable,
    tokens: TokenIssuer,
}

pub struct SignOut {
    table: &'static TenantTable,
}

/// What a log-in gives, and each refresh anew.
pub struct Tokens {
    pub access: String,
    pub access_expires_in_seconds: i64,
    pub refresh: RefreshToken,
    pub refresh_expires_in_seconds: i64,
    pub tenant: TenantId,
}

struct Found {
    scope: Scope,
    user: LoadedUser,
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

    /// None for an unknown tenant, an unknown address, a wrong password and a deactivated user alike.
    pub async fn sign_in(
        &self,
        slug: &Slug,
        email: &Email,
        password: &Password,
        now: Timestamp,
    ) -> Result<Option<Tokens>, StoreError> {
        let found = self.find(slug, email).await?;
        let proved = passwords::verify(found.as_ref().map(|found| &found.hash), password);
        let Some(Found { scope, user, .. }) = found.filter(|found| proved && found.user.user.is_active())
        else {
            return Ok(None);
        };
        let (tenant, user) = (scope.tenant(), user.user);
        let access = self.tokens.issue(tenant, &user, now).await?;
        let (refresh, refresh_expires_in_seconds) =
            scope.sessions().begin(user.id, user.valid_from, now).await?;
        Ok(Some(Tokens::new(access, refresh, refresh_expires_in_seconds)))
    }

    async fn find(&self, slug: &Slug, email: &Email) -> Result<Option<Found>, StoreError> {
        let entry = self.registry.entry(slug).await?;
        let Some(entry) = entry.filter(|entry| entry.status == TenantStatus::Active) else {
            return Ok(None);
        };
        let scope = self.table.within(Tenant::verified(entry.tenant));
        let found = scope.directory().find(email).await?;
        Ok(found.map(|(user, hash)| Found { scope, user, hash }))
    }
}

impl Renewal {
    pub fn open() -> Result<Self, StartError> {
        let shared = shared_config()?;
        Ok(Self { table: leak(TenantTable::open(&shared)?), tokens: TokenIssuer::open(&shared)? })
    }

    /// None for a token that does not go on with a session, whatever the reason. A token of a session that is not its
    /// present one is in two hands: then the session ends.
    pub async fn refresh(&self, token: &RefreshToken, now: Timestamp) -> Result<Option<Tokens>, StoreError> {
        let scope = claimed(self.table, token);
        let sessions = scope.sessions();
        let Some(family) = sessions.get(token.user(), token.session()).await? else { return Ok(None) };
        if !family.is_open(now) {
            return Ok(None);
        }
        let user = match family.is_current(token) {
            true => scope.users().get(token.user()).await?.map(|loaded| loaded.user),
            false => None,
        };
        let Some(user) = user.filter(|user| user.continues_session_of(family.password_of())) else {
            sessions.end(token.user(), token.session()).await?;
            return Ok(None);
        };
        // Before the present token is used up: when this fails, the client repeats the request.
        let access = self.tokens.issue(token.tenant(), &user, now).await?;
        let next = token.next()?;
        match sessions.rotate(&family, &next).await {
            Ok(()) => Ok(Some(Tokens::new(access, next, family.seconds_left(now)))),
            Err(StoreError::Conflict(_)) => {
                sessions.end(token.user(), token.session()).await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl SignOut {
    pub fn open() -> Result<Self, StartError> {
        Ok(Self { table: leak(TenantTable::open(&shared_config()?)?) })
    }

    /// Any token of the session ends it: one that is not the present one would end it by a refresh as well.
    pub async fn sign_out(&self, token: &RefreshToken) -> Result<(), StoreError> {
        claimed(self.table, token).sessions().end(token.user(), token.session()).await
    }
}

impl Tokens {
    fn new(access: String, refresh: RefreshToken, refresh_expires_in_seconds: i64) -> Self {
        let tenant = refresh.tenant();
        let access_expires_in_seconds = LIFETIME_SECONDS;
        Self { access, access_expires_in_seconds, refresh, refresh_expires_in_seconds, tenant }
    }
}

/// The tenant that the token claims. Nothing of it is shown or changed before the secret of one of its sessions matched,
/// but that a session of that name ends.
fn claimed(table: &'static TenantTable, token: &RefreshToken) -> Scope {
    table.within(Tenant::verified(token.tenant()))
}
