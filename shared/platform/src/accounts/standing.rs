//! Whether the access tokens of a session are still good, and what is in force for its tenant.

use domain::id::UserId;
use domain::permission::PermissionSet;
use domain::tenant::TenantProfile;
use domain::tier::Entitlements;
use domain::user::User;
use jiff::Timestamp;

use crate::accounts::sessions::mark_of_end;
use crate::accounts::tiers::tiers;
use crate::accounts::{role_books, tenants, users};
use crate::table::namespace::accounts::USER;
use crate::table::{Scope, SharedRow, SortKey, StoreError};
use crate::tenancy::SessionDigest;

/// The session that an access token names.
pub(crate) struct TokenSession {
    pub(crate) user: UserId,
    pub(crate) session: SessionDigest,
    /// Since when the user was valid when the session began.
    pub(crate) password_of: Timestamp,
}

/// A session that stands.
pub(crate) struct Standing {
    pub(crate) user: User,
    pub(crate) permissions: PermissionSet,
    pub(crate) tenant: TenantProfile,
    /// What the tenant's tier and its overrides come to.
    pub(crate) entitlements: Entitlements,
}

/// Why a session does not stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fallen {
    #[error("the session was ended")]
    Ended,
    #[error("the user is deactivated or deleted, or all sessions were ended since")]
    UserGone,
    /// The user's session would stand otherwise.
    #[error("the tenant is suspended")]
    Suspended,
}

/// One request reads all that decides it: consistently, but for the tiers, which are those of a moment ago.
pub(crate) async fn standing(
    scope: &Scope,
    TokenSession { user: id, session, password_of }: TokenSession,
    tiers_row: &SharedRow,
) -> Result<Result<Standing, Fallen>, StoreError> {
    let profile = (scope.tenants().partition(), SortKey::SINGLE);
    let keys = [(USER.of(id), SortKey::SINGLE), profile, role_books::key(scope), mark_of_end(id, session)];
    let ([user, profile, book, mark], stored_tiers) = scope.get_each_and_shared(keys, tiers_row).await?;
    if mark.is_some() {
        return Ok(Err(Fallen::Ended));
    }
    let user = users::stored(id, user)?.map(|loaded| loaded.value);
    let Some(user) = user.filter(|user| user.continues_session_of(password_of)) else {
        return Ok(Err(Fallen::UserGone));
    };
    let profile = profile.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))?;
    let tenant = tenants::profile(scope.tenant(), &profile)?.value;
    if tenant.is_suspended() {
        return Ok(Err(Fallen::Suspended));
    }
    let book = match book {
        Some(row) => role_books::book(&row)?,
        None => role_books::before_the_first(&profile)?,
    };
    let permissions = book.value.permissions(user.id, &user.roles);
    let tiers = tiers(stored_tiers.as_ref())?.value;
    if tiers.get(&tenant.tier).is_none() {
        tracing::warn!(tenant = %tenant.id, tier = tenant.tier.as_str(), "the tenant's tier does not exist");
    }
    let entitlements = tiers.terms_of(&tenant.tier).with(&tenant.overrides);
    Ok(Ok(Standing { user, permissions, tenant, entitlements }))
}
