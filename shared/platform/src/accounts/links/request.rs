//! Requests of links, which anybody can make for any address.
//!
//! A request commits that a link was asked for, and the link and its mail follow from that event: nobody waits for SES,
//! and the answer comes as soon for an address that nobody has.

use std::net::IpAddr;

use domain::id::UserId;
use domain::link::Purpose;
use domain::text::{Email, Slug};
use domain::{Actor, Stamp, Version, Versioned};
use futures::try_join;
use jiff::Timestamp;
use uuid::Uuid;

use super::asking::Asking;
use crate::StartError;
use crate::accounts::Registry;
use crate::accounts::registry::{is_active, tenant_of};
use crate::aws::shared_config;
use crate::new_id;
use crate::runtime::leak;
use crate::table::namespace::accounts::{LINKS, STRANGERS};
use crate::table::{
    AccessClass, Attribute, CommandContext, Commits, Condition, Conflict, Known, Scope, SortKey, StoreError,
    Vendor, Write,
};

const EXPIRES_AT: Attribute = Attribute::new("expiresAt");
/// How long the commit of a request is kept: longer than it can lie in a queue and its dead-letter queue. Anybody can
/// cause one, so they must not stay for ever.
const KEPT_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Takes requests of links.
pub struct LinkRequests {
    registry: Registry,
    vendor: &'static Vendor,
}

/// Too many have asked for a link to this address, or from there; for so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait(pub u64);

impl LinkRequests {
    pub fn open() -> Result<Self, StartError> {
        let shared = shared_config()?;
        let vendor = leak(Vendor::open(&shared, AccessClass::REQUEST_LINK)?);
        Ok(Self { registry: Registry::open(&shared)?, vendor })
    }

    /// Asks for a link to be mailed to the active user of an active tenant who has this address. Answers alike, and does
    /// the same work, if there is none.
    pub async fn request(
        &self,
        purpose: Purpose,
        (slug, email): (&Slug, &Email),
        source: Option<IpAddr>,
        context: &CommandContext,
    ) -> Result<Result<(), Wait>, StoreError> {
        let asking = Asking::new(purpose, (slug, email), source, context.at);
        let (wait, tenant) =
            try_join!(asking.wait(&self.registry), tenant_of(&self.registry, slug, is_active))?;
        if let Some(seconds) = wait {
            return Ok(Err(Wait(seconds)));
        }
        let scope = self.vendor.scope(tenant).await?;
        let found = scope.directory().find(email).await?;
        let user = found.map(|(user, _)| user.value).filter(|user| user.is_active()).map(|user| user.id);
        let writes = writes(&scope, purpose, user, context).await?;
        let committed = async {
            match scope.commit(writes).await {
                // Somebody has asked for the same link at this moment: it is on its way.
                Err(StoreError::Conflict(Conflict::Version | Conflict::Contention)) => Ok(()),
                outcome => outcome,
            }
        };
        try_join!(committed, asking.count(&self.registry))?;
        Ok(Ok(()))
    }
}

/// The commit of the request; for nobody, a row that leads to nothing.
async fn writes(
    scope: &Scope,
    purpose: Purpose,
    user: Option<UserId>,
    context: &CommandContext,
) -> Result<Vec<Write>, StoreError> {
    let log = scope.log(&LINKS, user.unwrap_or_else(|| UserId::from_uuid(Uuid::new_v4())))?;
    let newest = log.commits(Commits { limit: 1, ..Commits::default() }).await?.items;
    let writes = match user {
        Some(user) => {
            let version = newest.first().map_or(Ok(Version::NONE), |commit| commit.version())?;
            let stamp = Stamp { at: context.at, by: Actor::Anonymous };
            let known = Known::new(Versioned { value: (), version });
            let decided = known.decide(|()| Ok::<_, StoreError>(purpose.request(user, stamp)))?;
            log.events(&decided, context)?
        }
        None => {
            let key = SortKey::of(new_id(domain::id::LinkId::from_uuid));
            vec![scope.write(&STRANGERS.partition(), key, Condition::absent(), Conflict::Version)]
        }
    };
    Ok(kept(writes, context.at))
}

/// The same writes, of rows that expire.
pub(super) fn kept(writes: Vec<Write>, now: Timestamp) -> Vec<Write> {
    let until = now.as_second() + KEPT_SECONDS;
    writes.into_iter().map(|write| write.number(EXPIRES_AT, until)).collect()
}
