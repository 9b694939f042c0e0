//! Users of a tenant, with their roles.

use jiff::{SignedDuration, Timestamp};

use crate::event::{
    Event, PasswordChanged, UserDeactivated, UserDeleted, UserReactivated, UserRegistered, UserSessionsEnded,
    UserUpdated,
};
use crate::id::UserId;
use crate::person::{Person, PersonChanges};
use crate::role::{BuiltInRole, Roles};
use crate::rule::named;
use crate::text::Email;
use crate::{Decision, Stamp};

/// Times are whole milliseconds.
const TICK: SignedDuration = SignedDuration::from_millis(1);

named! {
    /// Only an active user signs in, and may do anything. A deactivated one keeps the e-mail address.
    pub enum UserStatus {
        /// Somebody was invited, and has not chosen a password yet.
        Invited => "invited",
        /// Somebody has registered, and has not shown yet to whom the e-mail address belongs.
        PendingVerification => "pendingVerification",
        Active => "active",
        Deactivated => "deactivated",
    }
}

/// The state of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub person: Person,
    pub email: Email,
    pub roles: Roles,
    pub status: UserStatus,
    /// When the password was set, or all sessions were ended, whichever was last. Sessions and tokens note the value
    /// that they began with, and have ended when it is not this one: no clocks are compared.
    pub valid_from: Timestamp,
}

/// A user who was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone;

/// What users may do to themselves.
#[derive(Debug, Clone)]
pub enum Command {
    Update(PersonChanges),
    ChangePassword,
}

/// What takes power over the user: see [`Power`](crate::power::Power), which decides it.
#[derive(Debug, Clone)]
pub enum Change {
    /// Roles that are `None` stay as they are.
    Update {
        person: PersonChanges,
        roles: Option<Roles>,
    },
    Deactivate,
    /// Sessions of before stay ended.
    Reactivate,
    /// Ends all sessions, and those that are being begun.
    EndSessions,
}

impl Change {
    /// Whether somebody who is an active admin stays one.
    pub(crate) fn leaves_an_admin(&self) -> bool {
        match self {
            Change::Update { roles, .. } => roles.as_ref().is_none_or(|roles| roles.has(BuiltInRole::Admin)),
            Change::Deactivate => false,
            Change::Reactivate | Change::EndSessions => true,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserRefusal {
    #[error("The user is deactivated; nothing about the user changes until the user is reactivated.")]
    Deactivated,
    #[error("The user is not deactivated.")]
    NotDeactivated,
    #[error("The user has not confirmed the e-mail address yet, and can only be deleted until then.")]
    Unconfirmed,
}

pub type UserDecision = Decision<User>;

impl User {
    /// Decides the registration of a new user.
    pub(crate) fn register(
        id: UserId,
        person: Person,
        email: Email,
        roles: Roles,
        stamp: Stamp,
    ) -> UserDecision {
        let next = User { id, person, email, roles, status: UserStatus::Active, valid_from: stamp.at };
        let event = UserRegistered {
            user: id,
            person: next.person.clone(),
            email: next.email.clone(),
            roles: next.roles.clone(),
        };
        Decision { stamp, events: vec![Event::UserRegistered(event)], next }
    }

    /// Decides that an operator adds an admin.
    pub fn admin(id: UserId, person: Person, email: Email, stamp: Stamp) -> UserDecision {
        User::register(id, person, email, BuiltInRole::Admin.into(), stamp)
    }

    /// Decides the registration of a new tenant's first admin, its owner. There is no event, since that of the tenant's
    /// onboarding names this user.
    pub fn first_admin(id: UserId, person: Person, email: Email, stamp: Stamp) -> UserDecision {
        Decision { events: Vec::new(), ..User::admin(id, person, email, stamp) }
    }

    /// Decides what a user does to themselves; one who is not active does nothing.
    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<UserDecision, UserRefusal> {
        self.require_active()?;
        match command {
            Command::Update(person) => self.change(Change::Update { person, roles: None }, stamp),
            Command::ChangePassword => {
                let event = Event::PasswordChanged(PasswordChanged { user: self.id });
                let next = User { valid_from: self.new_valid_from(stamp.at), ..self.clone() };
                Ok(Decision { stamp, events: vec![event], next })
            }
        }
    }

    /// Decides a change that is permitted.
    pub(crate) fn change(&self, change: Change, stamp: Stamp) -> Result<UserDecision, UserRefusal> {
        let (user, before) = (self.id, self.clone());
        let (event, next) = match change {
            Change::Update { person, roles } => {
                self.require_invited_or_active()?;
                let person = before.person.with(person);
                let roles = roles.unwrap_or(before.roles);
                let event = UserUpdated { user, person: person.clone(), roles: roles.clone() };
                (Event::UserUpdated(event), User { person, roles, ..self.clone() })
            }
            Change::Deactivate => {
                self.require_active()?;
                let next = User { status: UserStatus::Deactivated, ..before };
                (Event::UserDeactivated(UserDeactivated { user }), next)
            }
            Change::Reactivate => {
                if self.status != UserStatus::Deactivated {
                    return Err(UserRefusal::NotDeactivated);
                }
                let valid_from = self.new_valid_from(stamp.at);
                let next = User { status: UserStatus::Active, valid_from, ..before };
                (Event::UserReactivated(UserReactivated { user }), next)
            }
            Change::EndSessions => {
                self.require_active()?;
                let valid_from = self.new_valid_from(stamp.at);
                (Event::UserSessionsEnded(UserSessionsEnded { user }), User { valid_from, ..before })
            }
        };
        Ok(Decision { stamp, events: vec![event], next })
    }

    /// Decides a deletion that is permitted, which takes users of every status.
    pub(crate) fn delete(&self, stamp: Stamp) -> Decision<Gone> {
        Decision { stamp, events: vec![Event::UserDeleted(UserDeleted { user: self.id })], next: Gone }
    }

    fn require_active(&self) -> Result<(), UserRefusal> {
        match self.status {
            UserStatus::Active => Ok(()),
            UserStatus::Invited | UserStatus::PendingVerification => Err(UserRefusal::Unconfirmed),
            UserStatus::Deactivated => Err(UserRefusal::Deactivated),
        }
    }

    fn require_invited_or_active(&self) -> Result<(), UserRefusal> {
        match self.status {
            UserStatus::Invited => Ok(()),
            _ => self.require_active(),
        }
    }

    /// When the account was made.
    pub fn created_at(&self) -> Timestamp {
        self.id.made_at()
    }

    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Whether the user is one of those whom the tenant's quota counts, and whose roles are in use.
    pub fn holds_seat(&self) -> bool {
        match self.status {
            UserStatus::Invited | UserStatus::Active => true,
            UserStatus::PendingVerification | UserStatus::Deactivated => false,
        }
    }

    /// Whether a session, and its tokens, that began when the user was valid from `began_with` on continues.
    pub fn continues_session_of(&self, began_with: Timestamp) -> bool {
        self.is_active() && began_with == self.valid_from
    }

    /// Later than each one before: the clock of whoever decides may be slow, and an old value would bring back sessions
    /// that have ended.
    fn new_valid_from(&self, now: Timestamp) -> Timestamp {
        now.max(self.valid_from.saturating_add(TICK).unwrap_or(self.valid_from))
    }
}

#[cfg(test)]
mod tests;
