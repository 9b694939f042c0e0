//! Links are redeemed by who holds the token, whoever that is.

use domain::link::Purpose;
use domain::text::Password;
use domain::user::Command;
use domain::{Actor, Stamp};
use futures::try_join;

use super::{LinkToken, State};
use crate::StartError;
use crate::accounts::Registry;
use crate::accounts::passwords;
use crate::accounts::registry::{is_active, tenant_of};
use crate::aws::shared_config;
use crate::runtime::leak;
use crate::table::{AccessClass, CommandContext, Conflict, Known, Scope, StoreError, Vendor};

/// How often a redemption is decided anew when others change the user at the same moment.
const ATTEMPTS: u32 = 3;

/// Redeems links.
pub struct LinkRedemption {
    registry: Registry,
    vendor: &'static Vendor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Redeemed {
    Done,
    /// Whatever the reason.
    NoGoodLink,
}

impl LinkRedemption {
    pub fn open() -> Result<Self, StartError> {
        let shared = shared_config()?;
        let vendor = leak(Vendor::open(&shared, AccessClass::REDEEM_LINK)?);
        Ok(Self { registry: Registry::open(&shared)?, vendor })
    }

    /// Sets the password of the user whose link it is, which ends the user's sessions and uses the link up.
    ///
    /// Nothing counts wrong tokens: a secret of 256 bits is not guessed.
    pub async fn reset_password(
        &self,
        token: &LinkToken,
        password: &Password,
        context: &CommandContext,
    ) -> Result<Redeemed, StoreError> {
        let tenant = tenant_of(&self.registry, token.tenant(), is_active).await?;
        let scope = self.vendor.scope(tenant).await?;
        for _ in 0..ATTEMPTS {
            match reset_once(&scope, token, password, context).await {
                // Who has used the link meanwhile, or changed the user, is seen by reading both again.
                Err(StoreError::Conflict(Conflict::Version | Conflict::Contention)) => {}
                outcome => return outcome,
            }
        }
        Err(StoreError::Conflict(Conflict::Contention))
    }
}

async fn reset_once(
    scope: &Scope,
    token: &LinkToken,
    password: &Password,
    context: &CommandContext,
) -> Result<Redeemed, StoreError> {
    let (links, users) = (scope.links(), scope.users());
    let (record, user) = try_join!(links.get(token.user(), Purpose::PasswordReset), users.get(token.user()))?;
    let (Some(record), Some(user)) = (record, user) else { return Ok(Redeemed::NoGoodLink) };
    if !record.is_good(token, user.value.valid_from, context.at) {
        return Ok(Redeemed::NoGoodLink);
    }
    let stamp = Stamp { at: context.at, by: Actor::User { id: token.user() } };
    let Ok(decided) = Known::new(user).decide(|user| user.decide(Command::ChangePassword, stamp)) else {
        return Ok(Redeemed::NoGoodLink);
    };
    // Only now: who has no good link gets no work done.
    let hash = passwords::hash(password).map_err(StoreError::corrupt)?;
    let mut writes = users.own(&decided, Some(&hash), context)?;
    writes.push(links.write(&record.in_state(State::Used), record.version)?);
    scope.commit(writes).await?;
    Ok(Redeemed::Done)
}
