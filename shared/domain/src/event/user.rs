use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::form::{Form, SECOND, is_published_whole};
use super::published::published;
use crate::id::UserId;
use crate::text::{Email, PersonName};
use crate::user::Role;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRegistered {
    pub user: UserId,
    pub name: PersonName,
    pub email: Email,
    pub role: Role,
}

/// The name and the role after the update, whichever of them changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserUpdated {
    pub user: UserId,
    pub name: PersonName,
    pub role: Role,
}

published! {
    pub struct PublishedUser {
        pub user: UserId,
        pub role: Role,
    }

    pub struct UserDeactivated {
        pub user: UserId,
    }

    pub struct PasswordChanged {
        pub user: UserId,
    }

    pub struct UserSessionsEnded {
        pub user: UserId,
    }
}

is_published_whole!(UserDeactivated: 1, PasswordChanged: 1, UserSessionsEnded: 1);

impl Form for UserRegistered {
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedUser;

    fn published(&self) -> PublishedUser {
        PublishedUser { user: self.user, role: self.role }
    }
}

impl Form for UserUpdated {
    const VERSION: NonZeroU32 = SECOND;
    type Published = PublishedUser;

    fn published(&self) -> PublishedUser {
        PublishedUser { user: self.user, role: self.role }
    }
}
