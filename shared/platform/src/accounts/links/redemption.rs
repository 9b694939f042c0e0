//! Links are redeemed by who holds the token, whoever that is.

use futures::try_join;

use super::effects::{Effect, Redemption};
use super::{LinkToken, State};
use crate::StartError;
use crate::accounts::Registry;
use crate::accounts::registry::{is_active, tenant_of};
use crate::aws::shared_config;
use crate::runtime::leak;
use crate::table::{AccessClass, CommandContext, Conflict, Scope, StoreError, Vendor};

/// How often a redemption is decided anew when others change at the same moment what it rests on.
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
    /// For links that set a password.
    pub fn open() -> Result<Self, StartError> {
        Self::open_in(AccessClass::REDEEM_LINK)
    }

    /// For links by which somebody becomes a user.
    pub fn open_to_join() -> Result<Self, StartError> {
        Self::open_in(AccessClass::JOIN)
    }

    /// For links by which somebody becomes the owner.
    pub fn open_to_own() -> Result<Self, StartError> {
        Self::open_in(AccessClass::OWN)
    }

    /// For links that confirm a new address.
    pub fn open_to_move() -> Result<Self, StartError> {
        Self::open_in(AccessClass::MOVE)
    }

    fn open_in(class: AccessClass) -> Result<Self, StartError> {
        let shared = shared_config()?;
        let vendor = leak(Vendor::open(&shared, class)?);
        Ok(Self { registry: Registry::open(&shared)?, vendor })
    }

    /// Does what the link is for, and uses it up, in one transaction.
    ///
    /// Nothing counts wrong tokens: a secret of 256 bits is not guessed.
    pub async fn redeem(
        &self,
        token: &LinkToken,
        redemption: &Redemption<'_>,
        context: &CommandContext,
    ) -> Result<Redeemed, StoreError> {
        let tenant = tenant_of(&self.registry, token.tenant(), is_active).await?;
        let scope = self.vendor.scope(tenant).await?;
        for _ in 0..ATTEMPTS {
            match redeem_once((&scope, self.registry.table()), token, redemption, context).await {
                // Who has used the link meanwhile, or changed the user, is seen by reading both again.
                Err(StoreError::Conflict(Conflict::Version | Conflict::Contention | Conflict::Power)) => {}
                // The address is somebody else's meanwhile.
                Err(StoreError::Conflict(Conflict::Exists(_))) => return Ok(Redeemed::NoGoodLink),
                outcome => return outcome,
            }
        }
        Err(StoreError::Conflict(Conflict::Contention))
    }
}

async fn redeem_once(
    (scope, registry_table): (&Scope, &str),
    token: &LinkToken,
    redemption: &Redemption<'_>,
    context: &CommandContext,
) -> Result<Redeemed, StoreError> {
    let (links, users) = (scope.links(), scope.users());
    let (record, user) = try_join!(links.get(token.user(), redemption.purpose()), users.get(token.user()))?;
    let (Some(link), Some(user)) = (record, user) else { return Ok(Redeemed::NoGoodLink) };
    if !link.is_good(token, &user.value, context.at) {
        return Ok(Redeemed::NoGoodLink);
    }
    let used = links.write(&link.in_state(State::Used), link.version)?;
    let effect = Effect { scope, registry_table, link, user, context };
    let Some(mut writes) = redemption.writes(effect).await? else { return Ok(Redeemed::NoGoodLink) };
    writes.push(used);
    scope.commit(writes).await?;
    Ok(Redeemed::Done)
}
