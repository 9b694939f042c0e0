//! How somebody becomes a user who can act: by invitation, or by registration.

use crate::event::{Event, UserInvited, UserRegistered};
use crate::id::UserId;
use crate::person::{Person, PersonChanges};
use crate::role::{BuiltInRole, Roles};
use crate::text::Email;
use crate::user::{User, UserDecision, UserRefusal, UserStatus};
use crate::{Decision, Stamp};

impl User {
    /// Decides the invitation of a new user, who cannot act before choosing a password.
    pub(crate) fn invite(
        id: UserId,
        person: Person,
        email: Email,
        roles: Roles,
        stamp: Stamp,
    ) -> UserDecision {
        let Decision { stamp, events: _, next } = User::register(id, person, email, roles, stamp);
        let User { person, email, roles, .. } = next.clone();
        let event = UserInvited { user: id, person, email, roles };
        let next = User { status: UserStatus::Invited, ..next };
        Decision { stamp, events: vec![Event::UserInvited(event)], next }
    }

    /// Decides that an invited user has chosen a password, and maybe changed the name.
    pub(crate) fn accept_invitation(
        &self,
        changes: PersonChanges,
        stamp: Stamp,
    ) -> Result<UserDecision, UserRefusal> {
        match self.status {
            UserStatus::Invited => Ok(self.begin(changes, stamp)),
            _ => Err(UserRefusal::NotInvited),
        }
    }

    /// Decides that somebody registers, who has shown nothing yet. Nobody is told of it before the address is confirmed.
    pub fn pending(id: UserId, person: Person, email: Email, stamp: Stamp) -> UserDecision {
        let Decision { stamp, events: _, next } =
            User::register(id, person, email, BuiltInRole::Member.into(), stamp);
        let next = User { status: UserStatus::PendingVerification, ..next };
        Decision { stamp, events: Vec::new(), next }
    }

    /// Decides that who has registered has confirmed the address, and chosen a password.
    pub fn verify(&self, stamp: Stamp) -> Result<UserDecision, UserRefusal> {
        match self.status {
            UserStatus::PendingVerification => Ok(self.begin(PersonChanges::default(), stamp)),
            _ => Err(UserRefusal::NotPending),
        }
    }

    /// Who has a password now can act.
    fn begin(&self, changes: PersonChanges, stamp: Stamp) -> UserDecision {
        let next = User {
            person: self.person.clone().with(changes),
            status: UserStatus::Active,
            valid_from: self.new_valid_from(stamp.at),
            ..self.clone()
        };
        let User { id: user, person, email, roles, .. } = next.clone();
        let event = UserRegistered { user, person, email, roles };
        Decision { stamp, events: vec![Event::UserRegistered(event)], next }
    }

    /// Decides that an operator invites an admin.
    pub fn invited_admin(id: UserId, person: Person, email: Email, stamp: Stamp) -> UserDecision {
        User::invite(id, person, email, BuiltInRole::Admin.into(), stamp)
    }
}
