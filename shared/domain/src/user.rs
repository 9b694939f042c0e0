//! Users of a tenant, with their roles.

use jiff::{SignedDuration, Timestamp};

use crate::event::{Event, PasswordChanged, UserDeactivated, UserRegistered, UserSessionsEnded, UserUpdated};
use crate::id::UserId;
use crate::rule::named;
use crate::text::{Email, PersonName};
use crate::{Decision, Stamp};

/// Times are whole milliseconds.
const TICK: SignedDuration = SignedDuration::from_millis(1);

named! {
    /// In ascending order: a role permits everything that the roles before it permit.
    pub enum Role {
        Member => "member",
        Admin => "admin",
    }
}

impl Role {
    pub fn allows(self, required: Role) -> bool {
        self >= required
    }
}

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
    pub role: Role,
    pub status: UserStatus,
    /// When the password was set, or all sessions were ended, whichever was last. Sessions and tokens note the value
    /// that they began with, and have ended when it is not this one: no clocks are compared.
    pub valid_from: Timestamp,
}

#[derive(Debug, Clone)]
pub enum Command {
    /// Fields that are `None` stay as they are.
    Update {
        name: Option<PersonName>,
        role: Option<Role>,
    },
    Deactivate,
    ChangePassword,
    /// Ends all sessions, and those that are being begun.
    EndSessions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserRefusal {
    #[error("The user is deactivated; nothing about the user changes any more.")]
    Deactivated,
}

pub type UserDecision = Decision<User>;

impl User {
    /// Decides the registration of a new user.
    pub fn register(id: UserId, name: PersonName, email: Email, role: Role, stamp: Stamp) -> UserDecision {
        let next = User { id, name, email, role, status: UserStatus::Active, valid_from: stamp.at };
        let event = UserRegistered { user: id, name: next.name.clone(), email: next.email.clone(), role };
        Decision { stamp, events: vec![Event::UserRegistered(event)], next }
    }

    /// Decides the registration of a new tenant's first admin. There is no event, since that of the tenant's
    /// onboarding names this user.
    pub fn first_admin(id: UserId, name: PersonName, email: Email, stamp: Stamp) -> UserDecision {
        Decision { events: Vec::new(), ..User::register(id, name, email, Role::Admin, stamp) }
    }

    /// Decides a command; a deactivated user refuses all.
    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<UserDecision, UserRefusal> {
        if !self.is_active() {
            return Err(UserRefusal::Deactivated);
        }
        let (user, before) = (self.id, self.clone());
        let (event, next) = match command {
            Command::Update { name, role } => {
                let (name, role) = (name.unwrap_or_else(|| self.name.clone()), role.unwrap_or(self.role));
                let event = Event::UserUpdated(UserUpdated { user, name: name.clone(), role });
                (event, User { name, role, ..before })
            }
            Command::Deactivate => (
                Event::UserDeactivated(UserDeactivated { user }),
                User { status: UserStatus::Deactivated, ..before },
            ),
            Command::ChangePassword => {
                let valid_from = self.new_valid_from(stamp.at);
                (Event::PasswordChanged(PasswordChanged { user }), User { valid_from, ..before })
            }
            Command::EndSessions => {
                let valid_from = self.new_valid_from(stamp.at);
                (Event::UserSessionsEnded(UserSessionsEnded { user }), User { valid_from, ..before })
            }
        };
        Ok(Decision { stamp, events: vec![event], next })
    }

    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Whether the user is an active admin. A tenant keeps at least one.
    pub fn administers(&self) -> bool {
        self.is_active() && self.role.allows(Role::Admin)
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
