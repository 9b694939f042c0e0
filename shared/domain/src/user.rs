//! Users of a tenant and what their role lets them do.

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

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub name: PersonName,
    pub email: Email,
    pub role: Role,
}

#[cfg(test)]
mod tests;
