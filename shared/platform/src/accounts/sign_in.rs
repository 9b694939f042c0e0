//! Signing in with slug, e-mail address and password, continuing a session with its refresh tokens, and
//! signing out.

use std::net::IpAddr;

use domain::id::{SessionId, TenantId};
use domain::text::{Device, Email, Password, Slug};
use futures::try_join;
use jiff::Timestamp;

use crate::StartError;
use crate::accounts::Registry;
use crate::accounts::attempts::{Admission, Attempt};
use crate::accounts::passwords;
use crate::accounts::registry::{is_active, tenant_of};
use crate::accounts::tokens::{LIFETIME_SECONDS, RefreshToken, TokenIssuer};
use crate::aws::shared_config;
use crate::new_id;
use crate::runtime::leak;
use crate::table::{AccessClass, StoreError, Vendor};

/// Begins and continues sessions.
pub struct SignIn {
    registry: Registry,
    vendor: &'static Vendor,
    tokens: TokenIssuer,
}

/// Ends sessions.
pub struct SignOut {
    registry: Registry,
    vendor: &'static Vendor,
}

/// Who wants to sign in, as far as the request tells.
pub struct Caller {
    pub source: Option<IpAddr>,
    pub device: Option<Device>,
    pub now: Timestamp,
}

/// The tokens that a log-in returns, and each refresh again.
pub struct Tokens {
    pub access: String,
    pub access_expires_in_seconds: i64,
    pub refresh: RefreshToken,
    pub refresh_expires_in_seconds: i64,
    pub tenant: TenantId,
}

/// Why nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Slug, address and password do not belong together.
    Unknown,
    /// Too many attempts have failed; for so many seconds.
    Wait(u64),
}

impl SignIn {
    pub fn open() -> Result<Self, StartError> {
        let shared = shared_config()?;
        Ok(Self {
            registry: Registry::open(&shared)?,
            vendor: leak(Vendor::open(&shared, AccessClass::SIGN_IN)?),
            tokens: TokenIssuer::open(&shared)?,
        })
    }

    /// Begins a session. Refuses alike an unknown or inactive tenant, an unknown address, a wrong password and a
    /// deactivated user, and does the same work for each.
    pub async fn sign_in(
        &self,
        slug: &Slug,
        email: &Email,
        password: &Password,
        caller: Caller,
    ) -> Result<Result<Tokens, Refused>, StoreError> {
        let Caller { source, device, now } = caller;
        let attempt = Attempt::new(slug, email, source, now);
        let admission = attempt.admit(&self.registry);
        let (admission, tenant) = try_join!(admission, tenant_of(&self.registry, slug, is_active))?;
        let renew = match admission {
            Admission::Admitted { renew } => renew,
            Admission::Refused(seconds) => return Ok(Err(Refused::Wait(seconds))),
        };
        let scope = self.vendor.scope(tenant).await?;
        let found = scope.directory().find(email).await?;
        let (user, hash) = found.unzip();
        let proved = passwords::verify(hash.flatten().as_ref(), password);
        let user = user.filter(|user| proved && user.value.is_active());
        let Some(user) = user else {
            attempt.failed(&self.registry).await?;
            return Ok(Err(Refused::Unknown));
        };
        let (tenant, user, session) = (scope.tenant(), user.value, new_id(SessionId::from_uuid));
        let (sessions, last_sign_ins) = (scope.sessions(), scope.last_sign_ins());
        let known = async {
            match renew {
                true => attempt.succeeded(&self.registry).await,
                false => Ok(()),
            }
        };
        // When one of these fails, no token is handed out. A session that was stored all the same cannot be continued
        // by anybody, since its refresh token is gone, and expires by itself.
        let (access, (refresh, refresh_expires_in_seconds), (), (), ()) = try_join!(
            self.tokens.issue((tenant, &user), session, now, LIFETIME_SECONDS),
            sessions.begin(slug.clone(), (user.id, session), (user.valid_from, device), now),
            sessions.end_surplus((user.id, session), now),
            last_sign_ins.note(user.id, now),
            known,
        )?;
        Ok(Ok(Tokens::new(tenant, access, refresh, refresh_expires_in_seconds)))
    }

    /// Continues a session with a new refresh token. Returns `None` for a token that does not continue one,
    /// whatever the reason.
    ///
    /// A token that was replaced before may have been stolen, so its reuse ends the session.
    pub async fn refresh(&self, token: &RefreshToken, now: Timestamp) -> Result<Option<Tokens>, StoreError> {
        let scope = self.vendor.scope(tenant_of(&self.registry, token.tenant(), is_active).await?).await?;
        let (sessions, users) = (scope.sessions(), scope.users());
        let record = sessions.get(token.user(), token.session());
        let (record, user) = try_join!(record, users.get(token.user()))?;
        let Some(record) = record.filter(|record| record.is_open(now)) else { return Ok(None) };
        let user = user
            .map(|loaded| loaded.value)
            .filter(|user| record.is_current(token) && user.continues_session_of(record.password_of()));
        let Some(user) = user else {
            sessions.end(token.user(), token.session(), now).await?;
            return Ok(None);
        };
        // This comes before the current token is replaced, and not beside it: when signing fails, the client can use
        // the token again.
        let lifetime = lifetime_within(record.seconds_left(now));
        let access = self.tokens.issue((scope.tenant(), &user), token.session(), now, lifetime).await?;
        let next = token.next()?;
        match sessions.rotate(&record, &next, now).await {
            Ok(()) => Ok(Some(Tokens::new(scope.tenant(), access, next, record.seconds_left(now)))),
            Err(StoreError::Conflict(_)) => {
                sessions.end(token.user(), token.session(), now).await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

impl SignOut {
    pub fn open() -> Result<Self, StartError> {
        let shared = shared_config()?;
        let vendor = leak(Vendor::open(&shared, AccessClass::SIGN_IN)?);
        Ok(Self { registry: Registry::open(&shared)?, vendor })
    }

    /// Ends the token's session. A token that was replaced before ends it too, as it would by a refresh.
    pub async fn sign_out(&self, token: &RefreshToken, now: Timestamp) -> Result<(), StoreError> {
        let scope = self.vendor.scope(tenant_of(&self.registry, token.tenant(), |_| true).await?).await?;
        scope.sessions().end(token.user(), token.session(), now).await
    }
}

impl Tokens {
    fn new(tenant: TenantId, access: String, refresh: RefreshToken, refresh_expires_in_seconds: i64) -> Self {
        let access_expires_in_seconds = lifetime_within(refresh_expires_in_seconds);
        Self { access, access_expires_in_seconds, refresh, refresh_expires_in_seconds, tenant }
    }
}

/// An access token lasts no longer than its session, whose row may be deleted then, and cannot be ended any more.
fn lifetime_within(seconds_of_session: i64) -> i64 {
    LIFETIME_SECONDS.min(seconds_of_session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_token_does_not_outlive_its_session() {
        assert_eq!(lifetime_within(30 * 24 * 60 * 60), LIFETIME_SECONDS);
        assert_eq!(lifetime_within(60), 60);
    }
}
