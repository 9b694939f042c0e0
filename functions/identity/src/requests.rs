//! Parameters and bodies of requests.

use domain::InvalidValue;
use domain::id::UserId;
use domain::locale::Locale;
use domain::person::PersonChanges;
use domain::role::Roles;
use domain::text::{Email, Password, PersonName, Slug};
use domain::time_zone::TimeZoneName;
use domain::user::{Change, Command};
use platform::accounts::links::LinkToken;
use platform::accounts::tokens::RefreshToken;
use platform::http::{non_null, nullable};
use platform::tenancy::SessionDigest;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    pub tenant: Slug,
    pub email: Email,
    pub password: Password,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RefreshRequest {
    pub refresh_token: RefreshToken,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    pub name: PersonName,
    pub email: Email,
    pub roles: Roles,
    pub password: Password,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitations {
    #[schemars(length(min = 1, max = Invitations::MOST))]
    pub(crate) invitations: Invitations,
}

/// The address counts once its mailbox has confirmed it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewOwnEmail {
    pub email: Email,
    pub current_password: Password,
}

/// The address counts once its mailbox has confirmed it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailOf {
    pub email: Email,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmedEmail {
    pub token: LinkToken,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRegistration {
    pub tenant: Slug,
    pub email: Email,
    pub name: PersonName,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifiedRegistration {
    pub token: LinkToken,
    pub password: Password,
}

/// Each is carried out, or refused, by itself.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<NewInvitation>")]
pub(crate) struct Invitations(pub(crate) Vec<NewInvitation>);

/// The invited chooses the password.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    pub(crate) name: PersonName,
    pub(crate) email: Email,
    pub(crate) roles: Roles,
}

impl Invitations {
    pub(crate) const MOST: usize = 100;
}

impl TryFrom<Vec<NewInvitation>> for Invitations {
    type Error = InvalidValue;

    fn try_from(all: Vec<NewInvitation>) -> Result<Self, InvalidValue> {
        match all.len() {
            1..=Self::MOST => Ok(Self(all)),
            _ => Err(format!("must be 1 to {} invitations", Self::MOST).into()),
        }
    }
}

/// The name is the one that the inviter has given, unless there is another.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptedInvitation {
    pub token: LinkToken,
    pub password: Password,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "PersonName")]
    pub name: Option<PersonName>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserParameters {
    pub id: UserId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionParameters {
    pub id: SessionDigest,
}

/// Declares a body that changes what is known of a person, and its own fields besides. A flattened struct would take
/// unknown fields.
macro_rules! changes_of_a_person {
    ($(#[$meta:meta])* pub struct $name:ident { $($others:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "camelCase")]
        pub struct $name {
            #[serde(default, deserialize_with = "non_null")]
            #[schemars(with = "PersonName")]
            name: Option<PersonName>,
            #[serde(default, deserialize_with = "nullable")]
            #[schemars(with = "Option<PersonName>")]
            first_name: Option<Option<PersonName>>,
            #[serde(default, deserialize_with = "nullable")]
            #[schemars(with = "Option<PersonName>")]
            last_name: Option<Option<PersonName>>,
            #[serde(default, deserialize_with = "nullable")]
            #[schemars(with = "Option<Locale>")]
            locale: Option<Option<Locale>>,
            #[serde(default, deserialize_with = "nullable")]
            #[schemars(with = "Option<TimeZoneName>")]
            time_zone: Option<Option<TimeZoneName>>,
            $($others)*
        }

        impl $name {
            fn person(&self) -> PersonChanges {
                let Self { name, first_name, last_name, locale, time_zone, .. } = self.clone();
                PersonChanges { name, first_name, last_name, locale, time_zone }
            }
        }
    };
}

changes_of_a_person! {
    /// Fields that are left out stay, and null clears a field. Roles that are sent replace those that the user has.
    pub struct UserChanges {
        #[serde(default, deserialize_with = "non_null")]
        #[schemars(with = "Roles")]
        roles: Option<Roles>,
    }
}

changes_of_a_person! {
    /// Fields that are left out stay, and null clears a field.
    pub struct OwnChanges {}
}

impl From<UserChanges> for Change {
    fn from(changes: UserChanges) -> Self {
        Self::Update { person: changes.person(), roles: changes.roles }
    }
}

impl From<OwnChanges> for Command {
    fn from(changes: OwnChanges) -> Self {
        Self::Update(changes.person())
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewPassword {
    pub current_password: Password,
    pub new_password: Password,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetRequest {
    pub tenant: Slug,
    pub email: Email,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PasswordReset {
    pub token: LinkToken,
    pub new_password: Password,
}
