//! Users of a tenant, with their roles.

use jiff::Timestamp;

use crate::event::{Event, PasswordChanged, UserDeactivated, UserRegistered, UserUpdated};
use crate::id::UserId;
use crate::rule::named;
use crate::text::{Email, PersonName};
use crate::{Decision, Stamp};

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
    /// When the current password was set. Sessions that began with an earlier one have ended.
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
                (Event::PasswordChanged(PasswordChanged { user }), User { valid_from: stamp.at, ..before })
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

    /// Whether a session, and its tokens, that began with the password set at `password_of` continues.
    pub fn continues_session_of(&self, password_of: Timestamp) -> bool {
        self.is_active() && password_of == self.valid_from
    }
}

#[cfg(test)]
mod tests;
