//! Users of a tenant, what their role lets them do, and how they change.

use jiff::Timestamp;

use crate::id::UserId;
use crate::rule::named;
use crate::text::{Email, PersonName};

named! {
    /// In order: a role may do all that the roles before it may.
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
    /// A deactivated user stays, with the address, and signs in no more.
    pub enum UserStatus {
        Active => "active",
        Deactivated => "deactivated",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub name: PersonName,
    pub email: Email,
    pub role: Role,
    pub status: UserStatus,
    /// When the present password was set: what was signed in with an earlier one has ended.
    pub valid_from: Timestamp,
}

#[derive(Debug, Clone)]
pub enum Command {
    Update { name: Option<PersonName>, role: Option<Role> },
    Deactivate,
    ChangePassword { at: Timestamp },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserRefusal {
    #[error("the user is deactivated")]
    Deactivated,
}

impl User {
    pub fn register(id: UserId, name: PersonName, email: Email, role: Role, at: Timestamp) -> User {
        User { id, name, email, role, status: UserStatus::Active, valid_from: at }
    }

    /// The user as the command leaves it.
    pub fn after(&self, command: &Command) -> Result<User, UserRefusal> {
        if !self.is_active() {
            return Err(UserRefusal::Deactivated);
        }
        let mut next = self.clone();
        match command {
            Command::Update { name, role } => {
                next.name = name.clone().unwrap_or(next.name);
                next.role = role.unwrap_or(next.role);
            }
            Command::Deactivate => next.status = UserStatus::Deactivated,
            Command::ChangePassword { at } => next.valid_from = *at,
        }
        Ok(next)
    }

    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Whether the tenant can count on this user as one of its admins.
    pub fn administers(&self) -> bool {
        self.is_active() && self.role.allows(Role::Admin)
    }

    /// Whether a session that was begun with the password of that moment goes on, and its tokens with it.
    pub fn continues_session_of(&self, password_of: Timestamp) -> bool {
        self.is_active() && password_of == self.valid_from
    }
}

#[cfg(test)]
mod tests;
