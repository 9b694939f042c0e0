//! What the endpoints of sessions and users read and answer.

mod sessions;
mod users;

pub use sessions::{LogIn, RefreshRequest, Session};
pub use users::{ListParameters, NewPassword, NewUser, UserChanges, UserParameters, own_user, visible_user};
