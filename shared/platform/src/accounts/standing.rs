//! Whether the access tokens of a session are still good.

use domain::id::UserId;
use domain::tenant::TenantProfile;
use domain::user::User;
use jiff::Timestamp;

use crate::accounts::sessions::mark_of_end;
use crate::accounts::tokens::SessionDigest;
use crate::accounts::{tenants, users};
use crate::table::namespace::accounts::USER;
use crate::table::{Scope, SortKey, StoreError};

/// The session that an access token names.
pub(crate) struct TokenSession {
    pub(crate) user: UserId,
    pub(crate) session: SessionDigest,
    /// When the password that the session began with was set.
    pub(crate) password_of: Timestamp,
}

/// Why a session does not stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fallen {
    #[error("the tenant is suspended")]
    Suspended,
    #[error("the session was ended")]
    Ended,
    #[error("the user is deactivated or has changed the password since")]
    UserGone,
}

/// The user whose session this is, and the user's tenant, if the session stands. One consistent request reads all that
/// decides it.
pub(crate) async fn user_of(
    scope: &Scope,
    TokenSession { user: id, session, password_of }: TokenSession,
) -> Result<Result<(User, TenantProfile), Fallen>, StoreError> {
    let profile = (scope.tenants().partition(), SortKey::SINGLE);
    let keys = [(USER.of(id), SortKey::SINGLE), profile, mark_of_end(id, &session)];
    let [user, profile, mark] = scope.get_each(keys).await?;
    let profile = profile.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))?;
    let tenant = tenants::profile(scope.tenant(), &profile)?.value;
    if tenant.is_suspended() {
        return Ok(Err(Fallen::Suspended));
    }
    if mark.is_some() {
        return Ok(Err(Fallen::Ended));
    }
    let user = user.map(|row| users::user(id, &row)).transpose()?.map(|loaded| loaded.value);
    let user = user.filter(|user| user.continues_session_of(password_of));
    Ok(user.map(|user| (user, tenant)).ok_or(Fallen::UserGone))
}
