//! What links do when they are redeemed: the writes of each purpose.

use domain::link::Purpose;
use domain::person::PersonChanges;
use domain::power::{Power, PowerRefusal};
use domain::text::{Password, PersonName};
use domain::user::{Change, Command, User};
use domain::{Actor, Stamp, Versioned};

use super::LinkRecord;
use crate::accounts::{passwords, tenants, tiers};
use crate::table::{CommandContext, Known, Scope, SortKey, StoreError, Write};

/// What the reader of a link does by it.
pub enum Redemption<'a> {
    /// Sets the password, which ends the user's sessions.
    PasswordReset { password: &'a Password },
    /// Becomes a user, with this name if there is one.
    Invitation { password: &'a Password, name: Option<&'a PersonName> },
    /// Becomes the owner in the place of one who is lost, with this name if there is one.
    Ownership { password: &'a Password, name: Option<&'a PersonName> },
    /// Confirms the address, and becomes a user.
    Verification { password: &'a Password },
    /// Gets the address that the link was mailed to.
    EmailChange,
}

/// A good link, and what was read with it.
pub(super) struct Effect<'a> {
    pub(super) scope: &'a Scope,
    pub(super) registry_table: &'a str,
    pub(super) link: LinkRecord,
    pub(super) user: Versioned<User>,
    pub(super) context: &'a CommandContext,
}

impl Redemption<'_> {
    pub(super) fn purpose(&self) -> Purpose {
        match self {
            Self::PasswordReset { .. } => Purpose::PasswordReset,
            Self::Invitation { .. } => Purpose::Invitation,
            Self::Ownership { .. } => Purpose::Ownership,
            Self::Verification { .. } => Purpose::Verification,
            Self::EmailChange => Purpose::EmailChange,
        }
    }

    /// The writes; `None` if the link is not good, for what stands now.
    pub(super) async fn writes(&self, effect: Effect<'_>) -> Result<Option<Vec<Write>>, StoreError> {
        match self {
            Self::PasswordReset { password } => effect.reset(password),
            Self::Invitation { password, name } => effect.accept(password, *name).await,
            Self::Ownership { password, name } => effect.take_over(password, *name).await,
            Self::Verification { password } => effect.verify(password).await,
            Self::EmailChange => effect.change_email().await,
        }
    }
}

impl Effect<'_> {
    fn reset(self, password: &Password) -> Result<Option<Vec<Write>>, StoreError> {
        let (stamp, users) = (self.stamp(), self.scope.users());
        let Ok(decided) = Known::new(self.user).decide(|user| user.decide(Command::ChangePassword, stamp))
        else {
            return Ok(None);
        };
        // Only now: who has no good link gets no work done.
        let hash = passwords::hash(password).map_err(StoreError::corrupt)?;
        users.own(&decided, Some(&hash), self.context).map(Some)
    }

    /// The inviter answers for the roles by what the inviter may do now.
    async fn accept(
        self,
        password: &Password,
        name: Option<&PersonName>,
    ) -> Result<Option<Vec<Write>>, StoreError> {
        let Some(inviter) = self.link.document.asked_by else { return Ok(None) };
        let Some(acting) = self.scope.acting_if_there(inviter).await? else { return Ok(None) };
        let (stamp, users) = (self.stamp(), self.scope.users());
        let changes = named(name);
        let accept = |user: &User| acting.power().accept_invitation(user, changes, stamp);
        let Ok(decided) = Known::new(self.user).decide(accept) else { return Ok(None) };
        let hash = passwords::hash(password).map_err(StoreError::corrupt)?;
        users.joining(&decided, (&hash, &acting), self.context).map(Some)
    }

    /// The one whose place is taken has to be the owner still: of two who are to take it, the first one does.
    async fn take_over(
        self,
        password: &Password,
        name: Option<&PersonName>,
    ) -> Result<Option<Vec<Write>>, StoreError> {
        let Some(lost) = self.link.document.replaces else { return Ok(None) };
        let (stamp, users, books) = (self.stamp(), self.scope.users(), self.scope.role_books());
        let book = books.get().await?;
        let taken = Power::take_over((&self.user.value, &book.value), lost, named(name), &stamp);
        let Ok((user, transfer)) = taken else { return Ok(None) };
        let user = Known::new(self.user).decide(|_| Ok::<_, StoreError>(user))?;
        let book = Known::new(book).decide(|_| Ok::<_, StoreError>(transfer))?;
        let hash = passwords::hash(password).map_err(StoreError::corrupt)?;
        let mut writes = users.taking_over(&user, &hash, self.context)?;
        writes.extend(books.taken_over(&book, self.context)?);
        Ok(Some(writes))
    }

    /// The tenant has to admit the address still, and to have room.
    async fn verify(self, password: &Password) -> Result<Option<Vec<Write>>, StoreError> {
        let tiers_row = tiers::row_for_decisions(self.registry_table.to_owned());
        let profile = (self.scope.tenants().partition(), SortKey::SINGLE);
        let ([profile], stored_tiers) = self.scope.get_each_and_shared([profile], &tiers_row).await?;
        let profile = profile.ok_or_else(|| StoreError::corrupt("the tenant has no profile"))?;
        let tenant = tenants::profile(self.scope.tenant(), &profile)?.value;
        if tenant.registration.admits(&self.user.value.email).is_err() {
            return Ok(None);
        }
        let tiers = tiers::tiers(stored_tiers.as_ref())?.value;
        let most = tiers.terms_of(&tenant.tier).with(&tenant.overrides).limits.users;
        let (stamp, users) = (self.stamp(), self.scope.users());
        let Ok(decided) = Known::new(self.user).decide(|user| user.verify(stamp)) else { return Ok(None) };
        let hash = passwords::hash(password).map_err(StoreError::corrupt)?;
        users.verified(&decided, (&hash, most), self.context).map(Some)
    }

    /// Whoever has asked for another user's address to be changed has to have power over that user still.
    async fn change_email(self) -> Result<Option<Vec<Write>>, StoreError> {
        let (id, document) = (self.user.value.id, &self.link.document);
        let (Some(asked_by), Some(email)) = (document.asked_by, document.to.clone()) else { return Ok(None) };
        let acting = match asked_by == id {
            true => None,
            false => match self.scope.acting_if_there(asked_by).await? {
                Some(acting) => Some(acting),
                None => return Ok(None),
            },
        };
        let Some((_, Some(hash))) = self.scope.directory().find(&self.user.value.email).await? else {
            return Ok(None);
        };
        let (stamp, users) = (self.stamp(), self.scope.users());
        let decided = Known::new(self.user).decide(|user| match &acting {
            Some(acting) => acting.power().change(user, Change::Email { email }, stamp),
            None => user.decide(Command::ChangeEmail { email }, stamp).map_err(PowerRefusal::User),
        });
        let Ok(decided) = decided else { return Ok(None) };
        users.moving(&decided, (&hash, acting.as_ref()), self.context).map(Some)
    }

    fn stamp(&self) -> Stamp {
        Stamp { at: self.context.at, by: Actor::User { id: self.user.value.id } }
    }
}

fn named(name: Option<&PersonName>) -> PersonChanges {
    PersonChanges { name: name.cloned(), ..PersonChanges::default() }
}
