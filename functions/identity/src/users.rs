use domain::id::UserId;
use domain::text::{Email, EmailPrefix, Password, PersonName};
use domain::user::Role;
use platform::http::{Call, Limit, Problem, present};
use platform::stores::LoadedUser;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    pub name: PersonName,
    pub email: Email,
    pub role: Role,
    pub password: Password,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserParameters {
    pub id: UserId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListParameters {
    #[serde(default)]
    pub limit: Limit,
    pub cursor: Option<Email>,
    /// What the e-mail addresses begin with.
    pub email: Option<EmailPrefix>,
}

/// A member may change the own name; the rest is an admin's.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChanges {
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "PersonName")]
    pub name: Option<PersonName>,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Role")]
    pub role: Option<Role>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewPassword {
    pub current_password: Password,
    pub new_password: Password,
}

/// The user of the path; a member sees nobody else.
pub async fn visible_user<B>(call: &Call<UserParameters, B>) -> Result<LoadedUser, Problem> {
    let id = call.parameters.id;
    if !call.caller.is_admin() && call.caller.user() != id {
        return Err(Problem::not_found("user"));
    }
    call.store.users().get(id).await?.ok_or_else(|| Problem::not_found("user"))
}

/// The signed-in user, whom the authorizer has read.
pub async fn own_user<P, B>(call: &Call<P, B>) -> Result<LoadedUser, Problem> {
    let user = call.store.users().get(call.caller.user()).await?;
    user.ok_or_else(|| Problem::internal("the signed-in user is not there"))
}
