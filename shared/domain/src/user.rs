//! Users of a tenant, with their roles.

use jiff::{SignedDuration, Timestamp};

use crate::event::{Event, PasswordChanged, UserDeactivated, UserRegistered, UserSessionsEnded, UserUpdated};
use crate::id::UserId;
use crate::role::{BuiltInRole, Roles};
use crate::rule::named;
use crate::text::{Email, PersonName};
use crate::{Decision, Stamp};

/// Times are whole milliseconds.
const TICK: SignedDuration = SignedDuration::from_millis(1);

named! {
    /// A deactivated user keeps the e-mail address, and cannot sign in any more.
    pub enum UserStatus {
        Active => "active",
        Deactivated => "deactivated",
    }
}

/// The state of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub name: PersonName,
    pub email: Email,
    pub roles: Roles,
    pub status: UserStatus,
    /// When the password was set, or all sessions were ended, whichever was last. Sessions and tokens note the value
    /// that they began with, and have ended when it is not this one: no clocks are compared.
    pub valid_from: Timestamp,
}

/// What users may do to themselves.
#[derive(Debug, Clone)]
pub enum Command {
    Rename { name: PersonName },
    ChangePassword,
}

/// What takes power over the user: see [`Power`](crate::power::Power), which decides it.
#[derive(Debug, Clone)]
pub enum Change {
    /// Fields that are `None` stay as they are.
    Update {
        name: Option<PersonName>,
        roles: Option<Roles>,
    },
    Deactivate,
    /// Ends all sessions, and those that are being begun.
    EndSessions,
}

impl Change {
    /// Whether somebody who is an active admin stays one.
    pub(crate) fn leaves_an_admin(&self) -> bool {
        match self {
            Change::Update { roles, .. } => roles.as_ref().is_none_or(|roles| roles.has(BuiltInRole::Admin)),
            Change::Deactivate => false,
            Change::EndSessions => true,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserRefusal {
    #[error("The user is deactivated; nothing about the user changes any more.")]
    Deactivated,
}

pub type UserDecision = Decision<User>;

impl User {
    /// Decides the registration of a new user.
    pub(crate) fn register(
        id: UserId,
        name: PersonName,
        email: Email,
        roles: Roles,
        stamp: Stamp,
    ) -> UserDecision {
        let next = User { id, name, email, roles, status: UserStatus::Active, valid_from: stamp.at };
        let event = UserRegistered {
            user: id,
            name: next.name.clone(),
            email: next.email.clone(),
            roles: next.roles.clone(),
        };
        Decision { stamp, events: vec![Event::UserRegistered(event)], next }
    }

    /// Decides that an operator adds an admin.
    pub fn admin(id: UserId, name: PersonName, email: Email, stamp: Stamp) -> UserDecision {
        User::register(id, name, email, BuiltInRole::Admin.into(), stamp)
    }

    /// Decides the registration of a new tenant's first admin, its owner. There is no event, since that of the tenant's
    /// onboarding names this user.
    pub fn first_admin(id: UserId, name: PersonName, email: Email, stamp: Stamp) -> UserDecision {
        Decision { events: Vec::new(), ..User::admin(id, name, email, stamp) }
    }

    /// Decides what a user does to themselves; a deactivated one does nothing any more.
    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<UserDecision, UserRefusal> {
        match command {
            Command::Rename { name } => self.change(Change::Update { name: Some(name), roles: None }, stamp),
            Command::ChangePassword => {
                let event = Event::PasswordChanged(PasswordChanged { user: self.id });
                let next = User { valid_from: self.new_valid_from(stamp.at), ..self.clone() };
                self.decided(event, next, stamp)
            }
        }
    }

    /// Decides a change that is permitted; a deactivated user changes no more.
    pub(crate) fn change(&self, change: Change, stamp: Stamp) -> Result<UserDecision, UserRefusal> {
        let (user, before) = (self.id, self.clone());
        let (event, next) = match change {
            Change::Update { name, roles } => {
                let name = name.unwrap_or_else(|| self.name.clone());
                let roles = roles.unwrap_or_else(|| self.roles.clone());
                let event = UserUpdated { user, name: name.clone(), roles: roles.clone() };
                (Event::UserUpdated(event), User { name, roles, ..before })
            }
            Change::Deactivate => (
                Event::UserDeactivated(UserDeactivated { user }),
                User { status: UserStatus::Deactivated, ..before },
            ),
            Change::EndSessions => {
                let valid_from = self.new_valid_from(stamp.at);
                (Event::UserSessionsEnded(UserSessionsEnded { user }), User { valid_from, ..before })
            }
        };
        self.decided(event, next, stamp)
    }

    fn decided(&self, event: Event, next: User, stamp: Stamp) -> Result<UserDecision, UserRefusal> {
        match self.is_active() {
            true => Ok(Decision { stamp, events: vec![event], next }),
            false => Err(UserRefusal::Deactivated),
        }
    }

    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
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
