//! The commits by which somebody becomes a user, or gets another address: by invitation, registration, or a mailed link.

use domain::Actor;
use domain::id::UserId;
use domain::link::{Purpose, request_ownership};
use domain::tier::UserQuota;
use domain::user::User;

use crate::accounts::passwords::PasswordHash;
use crate::accounts::{Acting, Users};
use crate::table::namespace::accounts::USER;
use crate::table::{CommandContext, Decided, StoreError, Write};

impl Users<'_> {
    /// Commits an invited user, as [`commit_by`](Self::commit_by) does, and the request of the link by which the user
    /// chooses a password.
    ///
    /// Fails with [`Conflict::Wait`](crate::table::Conflict::Wait) besides when too many links to the address were asked for.
    pub async fn invite(
        &self,
        allowed: (&Acting, UserQuota),
        decided: &Decided<User>,
        context: &CommandContext,
    ) -> Result<(), StoreError> {
        let (id, stamp) = (decided.next.value.id, decided.stamp().clone());
        let links = self.0.links();
        let mut writes = self.by(allowed, decided, None, context)?;
        writes.push(links.count(&decided.next.value.email, stamp.at));
        writes.extend(links.first((id, Purpose::Invitation.request(id, stamp)), context)?);
        self.0.commit(writes).await
    }

    /// The writes of an invited user who has chosen a password, on the condition that the power of who has invited is
    /// what it was when it was decided upon. The user has been counted since the invitation.
    pub(super) fn joining(
        &self,
        decided: &Decided<User>,
        (password, inviter): (&PasswordHash, &Acting),
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let id = decided.next.value.id;
        if decided.stamp().by != (Actor::User { id }) {
            return Err(StoreError::corrupt("somebody else has accepted an invitation"));
        }
        let mut writes = self.rows(decided, Some(password))?;
        writes.extend(inviter.checks(self.0, id));
        writes.extend(self.0.staff().row(decided));
        writes.extend(self.0.role_books().counts(decided));
        writes.extend(self.0.log(&USER, id)?.events(decided, context)?);
        Ok(writes)
    }

    /// The writes of an invited admin who has chosen a password, to be committed with the role book that names the user as
    /// the owner.
    pub(super) fn taking_over(
        &self,
        decided: &Decided<User>,
        password: &PasswordHash,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.rows(decided, Some(password))?;
        writes.extend(self.0.staff().row(decided));
        writes.extend(self.0.role_books().counts(decided));
        writes.extend(self.0.log(&USER, decided.next.value.id)?.events(decided, context)?);
        Ok(writes)
    }

    /// The writes of an admin whom an operator invites, also beyond the quota, to take the place of this owner.
    pub(super) fn succession(
        &self,
        decided: &Decided<User>,
        lost: UserId,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let (id, stamp) = (decided.next.value.id, decided.stamp().clone());
        let mut writes = self.rows(decided, None)?;
        writes.push(self.0.tenants().successor_is_admitted(id));
        writes.extend(self.0.log(&USER, id)?.events(decided, context)?);
        writes.extend(self.0.links().first((id, request_ownership(id, lost, stamp)), context)?);
        Ok(writes)
    }

    /// The writes of somebody who registers, and of the request of the link by which the address is confirmed. They expire.
    ///
    /// The commit fails with [`Conflict::Exists`](crate::table::Conflict::Exists) when the address is taken.
    pub(super) fn pending(
        &self,
        decided: &Decided<User>,
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let (id, stamp) = (decided.next.value.id, decided.stamp().clone());
        let mut writes = self.rows(decided, None)?;
        writes.extend(self.0.links().first((id, Purpose::Verification.request(id, stamp)), context)?);
        Ok(writes)
    }

    /// The writes of somebody who has registered and has confirmed the address, if there is room.
    pub(super) fn verified(
        &self,
        decided: &Decided<User>,
        (password, most): (&PasswordHash, UserQuota),
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = self.rows(decided, Some(password))?;
        writes.extend(self.seat(decided, most));
        writes.extend(self.0.staff().row(decided));
        writes.extend(self.0.log(&USER, decided.next.value.id)?.events(decided, context)?);
        Ok(writes)
    }

    /// The writes of a user who has another address now, with the hash of the password, which the new entry of the directory
    /// takes over; on the condition that the power of who has asked for it, if that was another, is what it was.
    ///
    /// The commit fails with [`Conflict::Exists`](crate::table::Conflict::Exists) when the address is taken.
    pub(super) fn moving(
        &self,
        decided: &Decided<User>,
        (password, acting): (&PasswordHash, Option<&Acting>),
        context: &CommandContext,
    ) -> Result<Vec<Write>, StoreError> {
        let id = decided.next.value.id;
        let mut writes = self.rows(decided, Some(password))?;
        writes.extend(acting.iter().flat_map(|acting| acting.checks(self.0, id)));
        writes.extend(self.0.log(&USER, id)?.events(decided, context)?);
        Ok(writes)
    }
}
