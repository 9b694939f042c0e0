//! Tenants, their users, and how users sign in.

mod attempts;
mod closing;
mod counts;
mod directory;
mod entering;
mod last_sign_ins;
pub mod links;
mod onboarding;
mod operating;
mod operators_audit;
mod passage;
mod password_attempts;
pub mod passwords;
mod people;
mod power;
mod register;
mod registry;
mod role_books;
mod sessions;
pub mod sign_in;
mod staff;
mod standing;
mod succession;
mod tenants;
mod tiers;
pub mod tokens;
mod user_batch;
mod user_view;
mod users;

use crate::table::Scope;

pub use closing::Closing;
pub use counts::{Counted, Counts};
pub use directory::Directory;
pub use last_sign_ins::LastSignIns;
pub use onboarding::{DecidedTenant, NewAdmin, NewTenant, Onboarding};
pub use operating::{Operated, OperatedTenant, Operating};
pub use operators_audit::{Operation, OperationsFilter};
pub use password_attempts::PasswordAttempts;
pub use people::{People, PeopleCursor, PeopleQuery};
pub use power::{Acting, decide_again};
pub use register::{Register, RegisterEntry, RegisterFilter, RegisteredTenant};
pub use registry::Registry;
pub use role_books::{Depends, RoleBooks};
pub use sessions::{SessionRecord, Sessions};
pub use staff::{Staff, Told};
pub use succession::Succession;
pub use tenants::Tenants;
pub use user_view::UserView;
pub use users::{DecidedUser, Users};

impl Scope {
    pub fn tenants(&self) -> Tenants<'_> {
        Tenants(self)
    }

    pub fn counts(&self) -> Counts<'_> {
        Counts(self)
    }

    pub fn users(&self) -> Users<'_> {
        Users(self)
    }

    pub fn role_books(&self) -> RoleBooks<'_> {
        RoleBooks(self)
    }

    pub fn staff(&self) -> Staff<'_> {
        Staff(self)
    }

    pub fn people(&self) -> People<'_> {
        People(self)
    }

    pub fn directory(&self) -> Directory<'_> {
        Directory(self)
    }

    pub fn password_attempts(&self) -> PasswordAttempts<'_> {
        PasswordAttempts(self)
    }

    pub fn links(&self) -> links::Links<'_> {
        links::Links(self)
    }

    pub fn last_sign_ins(&self) -> LastSignIns<'_> {
        LastSignIns(self)
    }

    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }
}
