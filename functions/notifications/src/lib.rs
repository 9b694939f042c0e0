//! What users are told: reactions to events, and what the endpoints answer.
//!
//! Each effect's id comes from its event, so an event that comes again changes nothing.

mod mails;
mod preferences;
mod telling;

pub use mails::{welcome_admin, welcome_user};
pub use preferences::PreferencesView;
pub use telling::tell;
