//! Registrations by people whom nobody has invited.

use std::net::IpAddr;

use domain::id::{LinkId, UserId};
use domain::link::Purpose;
use domain::person::Person;
use domain::registration::{Registration, RegistrationRefusal};
use domain::text::{Email, Slug};
use domain::user::{User, UserStatus};
use domain::{Actor, Stamp};
use futures::try_join;

use super::asking::Asking;
use super::request::kept;
use crate::StartError;
use crate::accounts::Registry;
use crate::accounts::registry::{is_active, tenant_of};
use crate::aws::shared_config;
use crate::new_id;
use crate::runtime::leak;
use crate::table::namespace::accounts::STRANGERS;
use crate::table::{
    AccessClass, CommandContext, Condition, Conflict, Decided, Scope, SortKey, StoreError, Vendor, Write,
};

/// What a registration writes besides the row of the register, which has a place in the other order: the user, the entry
/// of the directory, and the request of a link.
const ROWS: usize = 3;

/// Takes registrations.
pub struct Registrations {
    registry: Registry,
    vendor: &'static Vendor,
}

/// Why somebody is not registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRegistered {
    Refused(RegistrationRefusal),
    /// Too many have asked for a link to this address, or from there; for so many seconds.
    Wait(u64),
}

impl Registrations {
    pub fn open() -> Result<Self, StartError> {
        let shared = shared_config()?;
        let vendor = leak(Vendor::open(&shared, AccessClass::REGISTER)?);
        Ok(Self { registry: Registry::open(&shared)?, vendor })
    }

    /// Registers a user without a password, who confirms the address by a mailed link. Where somebody has the address
    /// already, it answers alike, does the same work, and changes nothing. A tenant that does not exist is a closed one.
    ///
    /// Who has registered before and has not come back makes way.
    pub async fn register(
        &self,
        (slug, email): (&Slug, &Email),
        person: &Person,
        source: Option<IpAddr>,
        context: &CommandContext,
    ) -> Result<Result<(), NotRegistered>, StoreError> {
        let asking = Asking::new(Purpose::Verification, (slug, email), source, context.at);
        let (wait, tenant) =
            try_join!(asking.wait(&self.registry), tenant_of(&self.registry, slug, is_active))?;
        if let Some(seconds) = wait {
            return Ok(Err(NotRegistered::Wait(seconds)));
        }
        let scope = self.vendor.scope(tenant).await?;
        let (tenants, directory) = (scope.tenants(), scope.directory());
        let (profile, found) = try_join!(tenants.find(), directory.find(email))?;
        let registration = profile.map_or(Registration::Closed, |profile| profile.value.registration);
        if let Err(refusal) = registration.admits(email) {
            return Ok(Err(NotRegistered::Refused(refusal)));
        }
        let is_free = found.is_none_or(|(user, _)| user.value.status == UserStatus::PendingVerification);
        let writes = match is_free {
            true => pending(&scope, (person, email), context)?,
            false => nobody(&scope, context),
        };
        let committed = async {
            match scope.commit(writes).await {
                // Somebody has got the address at this moment, or others register with it: nobody else's rows are in
                // anybody's way, so this would tell that it is free.
                Err(StoreError::Conflict(Conflict::Exists(_) | Conflict::Contention)) => Ok(()),
                outcome => outcome,
            }
        };
        try_join!(committed, asking.count(&self.registry))?;
        Ok(Ok(()))
    }
}

fn pending(
    scope: &Scope,
    (person, email): (&Person, &Email),
    context: &CommandContext,
) -> Result<Vec<Write>, StoreError> {
    let stamp = Stamp { at: context.at, by: Actor::Anonymous };
    let user = User::pending(new_id(UserId::from_uuid), person.clone(), email.clone(), stamp);
    scope.users().pending(&Decided::first(user), context)
}

/// Rows that lead to nothing.
fn nobody(scope: &Scope, context: &CommandContext) -> Vec<Write> {
    let row = || {
        let key = SortKey::of(new_id(LinkId::from_uuid));
        scope.write(&STRANGERS.partition(), key, Condition::absent(), Conflict::Version)
    };
    let rows = (0..ROWS).map(|_| row()).chain([row().in_order("")]);
    kept(rows.collect(), context.at)
}
