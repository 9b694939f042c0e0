//! People: a tenant's users as its register lists them, and what the register can be asked.

mod filter;

use jiff::Timestamp;

use crate::folding::folded;
use crate::id::UserId;
use crate::role::{Role, Roles};
use crate::rule::named;
use crate::specification::{Match, Order, Specification};
use crate::text::{Email, PersonName, SearchText};
use crate::user::{User, UserStatus};

pub use filter::PeopleFilter;

/// What the register knows of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedUser {
    pub id: UserId,
    pub name: PersonName,
    pub email: Email,
    pub roles: Roles,
    pub status: UserStatus,
    /// `None` for who has never signed in, or not since there is a register.
    pub last_sign_in_at: Option<Timestamp>,
}

named! {
    /// In which order people are listed. Names are compared without case and accents, by their first letters.
    pub enum PeopleSort {
        Name => "name",
        NameDescending => "-name",
        Created => "createdAt",
        CreatedDescending => "-createdAt",
    }
}

/// What can be asked of a user in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criterion {
    Status(UserStatus),
    Role(Role),
    Created(Order, Timestamp),
    SignedIn(Order, Timestamp),
    NeverSignedIn,
    Name(Match, SearchText),
    Email(Match, SearchText),
}

impl ListedUser {
    pub fn new(user: &User, last_sign_in_at: Option<Timestamp>) -> ListedUser {
        let User { id, person, email, roles, status, valid_from: _ } = user.clone();
        ListedUser { id, name: person.name, email, roles, status, last_sign_in_at }
    }

    /// The name as the register searches it.
    pub fn folded_name(&self) -> String {
        folded(self.name.as_str())
    }

    /// The address as the register searches it.
    pub fn folded_email(&self) -> String {
        folded(self.email.as_str())
    }

    pub fn created_at(&self) -> Timestamp {
        self.id.made_at()
    }

    pub fn meets(&self, criterion: &Criterion) -> bool {
        match criterion {
            Criterion::Status(status) => self.status == *status,
            Criterion::Role(role) => self.roles.contains(*role),
            Criterion::Created(order, at) => order.holds(&self.created_at(), at),
            Criterion::SignedIn(order, at) => self.last_sign_in_at.is_some_and(|last| order.holds(&last, at)),
            Criterion::NeverSignedIn => self.last_sign_in_at.is_none(),
            Criterion::Name(how, text) => how.matches(&self.folded_name(), text),
            Criterion::Email(how, text) => how.matches(&self.folded_email(), text),
        }
    }
}

impl Criterion {
    /// Users in whose names or addresses the text is.
    pub fn mentions(text: &SearchText) -> Specification<Criterion> {
        Specification::leaf(Criterion::Name(Match::Part, text.clone()))
            | Specification::leaf(Criterion::Email(Match::Part, text.clone()))
    }
}

#[cfg(test)]
mod tests;
