//! Parameters and bodies of requests.

use domain::id::UserId;
use domain::role::Roles;
use domain::text::{Email, EmailPrefix, Password, PersonName, Slug};
use platform::accounts::links::LinkToken;
use platform::accounts::tokens::RefreshToken;
use platform::http::{Limit, non_null};
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
pub struct UserParameters {
    pub id: UserId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionParameters {
    pub id: SessionDigest,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    #[serde(default)]
    pub(crate) limit: Limit,
    pub(crate) cursor: Option<Email>,
    /// Only users whose e-mail addresses begin with this text.
    pub(crate) email: Option<EmailPrefix>,
}

/// Fields that are left out stay. Roles that are sent replace those that the user has.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChanges {
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "PersonName")]
    pub name: Option<PersonName>,
    #[serde(default, deserialize_with = "non_null")]
    #[schemars(with = "Roles")]
    pub roles: Option<Roles>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnChanges {
    pub name: PersonName,
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
