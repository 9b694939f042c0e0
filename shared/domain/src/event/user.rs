use std::num::NonZeroU32;

use serde::{Deserialize, Deserializer, Serialize};

use super::form::{Form, THIRD, is_published_whole};
use super::published::published;
use crate::id::UserId;
use crate::person::Person;
use crate::role::{Roles, StoredRoles};
use crate::text::Email;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRegistered {
    pub user: UserId,
    #[serde(flatten)]
    pub person: Person,
    pub email: Email,
    #[serde(alias = "role", deserialize_with = "one_or_several")]
    pub roles: Roles,
}

/// The person and the roles after the update, whichever of them changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserUpdated {
    pub user: UserId,
    #[serde(flatten)]
    pub person: Person,
    #[serde(alias = "role", deserialize_with = "one_or_several")]
    pub roles: Roles,
}

/// Events of older versions have one role.
fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Roles, D::Error> {
    StoredRoles::deserialize(deserializer).map(Roles::from)
}

published! {
    pub struct PublishedUser {
        pub user: UserId,
        #[serde(alias = "role", deserialize_with = "one_or_several")]
        pub roles: Roles,
    }

    pub struct UserDeactivated {
        pub user: UserId,
    }

    pub struct UserReactivated {
        pub user: UserId,
    }

    pub struct UserDeleted {
        pub user: UserId,
    }

    pub struct PasswordChanged {
        pub user: UserId,
    }

    pub struct UserSessionsEnded {
        pub user: UserId,
    }
}

is_published_whole!(
    UserDeactivated: 1,
    UserReactivated: 1,
    UserDeleted: 1,
    PasswordChanged: 1,
    UserSessionsEnded: 1
);

impl Form for UserRegistered {
    /// A user had one role in version 2.
    const VERSION: NonZeroU32 = THIRD;
    type Published = PublishedUser;

    fn published(&self) -> PublishedUser {
        PublishedUser { user: self.user, roles: self.roles.clone() }
    }
}

impl Form for UserUpdated {
    /// A user had one role in version 2.
    const VERSION: NonZeroU32 = THIRD;
    type Published = PublishedUser;

    fn published(&self) -> PublishedUser {
        PublishedUser { user: self.user, roles: self.roles.clone() }
    }
}
