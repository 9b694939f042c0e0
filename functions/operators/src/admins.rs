//! New admins of tenants that are there: the last one may have left, or lost the password.

use domain::id::{TenantId, UserId};
use domain::operator::Action;
use domain::person::Person;
use domain::user::User;
use domain::{Version, Versioned};
use platform::accounts::{DecidedUser, Operating, UserView};
use platform::http::{OperatorCall, Problem, Reply};

use crate::requests::{AdminRequest, TenantParameters};

type AdminCall = OperatorCall<TenantParameters, AdminRequest>;

/// Adds an admin to the tenant that the path names, also to a suspended one and beyond its quota of users. Answers 404
/// if there is no such tenant.
pub async fn add_admin(operating: &'static Operating, call: &AdminCall) -> Result<Reply<UserView>, Problem> {
    let tenant = operating.tenant(call, call.parameters.id).await?;
    if tenant.profile().await?.is_none() {
        return Err(Problem::not_found("tenant"));
    }
    let AdminRequest { name, email, password } = &call.body;
    let decided = DecidedUser::admin((Person::named(name.clone()), email), password, call.stamp())?;
    let user = decided.user();
    let (id, reply) = (user.value.id, reply(user.clone(), call.parameters.id));
    let action = Action::AddAdmin { user: id };
    tenant.admit(&decided, &call.command_on((action, Some(call.parameters.id)), id, &reply)?).await?;
    Ok(reply)
}

/// The reply to this request, which has made this user. A repetition is the same request, so its reply is the same.
pub fn show_admin(call: &AdminCall, id: UserId) -> Reply<UserView> {
    let AdminRequest { name, email, password: _ } = &call.body;
    let user = User::admin(id, Person::named(name.clone()), email.clone(), call.stamp()).next;
    reply(Versioned { value: user, version: Version::FIRST }, call.parameters.id)
}

fn reply(user: Versioned<User>, tenant: TenantId) -> Reply<UserView> {
    let version = user.version;
    Reply::new(UserView::new(user, tenant, false)).version(version)
}
