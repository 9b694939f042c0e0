//! Tenants, their users, and how users sign in.

mod attempts;
mod closing;
mod counts;
mod directory;
mod onboarding;
mod operating;
mod operators_audit;
mod password_attempts;
pub mod passwords;
mod register;
mod registry;
mod sessions;
pub mod sign_in;
mod standing;
mod tenants;
mod tiers;
pub mod tokens;
mod user_view;
mod users;

use crate::table::Scope;

pub use closing::Closing;
pub use counts::{Counted, Counts};
pub use directory::Directory;
pub use onboarding::{DecidedTenant, NewAdmin, NewTenant, Onboarding};
pub use operating::{Operated, OperatedTenant, Operating};
pub use operators_audit::{Operation, OperationsFilter};
pub use password_attempts::PasswordAttempts;
pub use register::{Register, RegisterEntry, RegisterFilter, RegisteredTenant};
pub use registry::Registry;
pub use sessions::{SessionRecord, Sessions};
pub use tenants::Tenants;
pub use user_view::UserView;
pub use users::{DecidedUser, NewUser, Users};

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

    pub fn directory(&self) -> Directory<'_> {
        Directory(self)
    }

    pub fn password_attempts(&self) -> PasswordAttempts<'_> {
        PasswordAttempts(self)
    }

    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(self)
    }
}
