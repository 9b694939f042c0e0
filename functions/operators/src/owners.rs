//! Owners who are lost: whoever takes their place is invited by an operator, and chooses the password.

use domain::Versioned;
use domain::id::UserId;
use domain::operator::Action;
use domain::person::Person;
use domain::user::{User, UserDecision};
use platform::accounts::{Operating, UserView};
use platform::http::{OperatorCall, Problem, Reply};
use platform::new_id;
use platform::table::{Decided, OperatorCommand};

use crate::admins;
use crate::requests::{SuccessorRequest, TenantParameters};

type OwnerCall = OperatorCall<TenantParameters, SuccessorRequest>;

/// Invites an admin of the tenant that the path names, who becomes its owner by redeeming the mailed link; or lets another
/// link be mailed to the one whom this has invited last. Answers 404 if there is no such tenant.
pub async fn replace_owner(
    operating: &'static Operating,
    call: &OwnerCall,
) -> Result<Reply<UserView>, Problem> {
    let tenant = operating.tenant(call, call.parameters.id).await?;
    let succession = tenant.succession().await?.ok_or_else(|| Problem::not_found("tenant"))?;
    if let Some(user) = tenant.invited_successor(&succession, &call.body.email).await? {
        let id = user.value.id;
        let (reply, command) = command(call, user)?;
        tenant.invite_owner_again(&succession, id, &command).await?;
        return Ok(reply);
    }
    let user = Decided::first(decision(call, new_id(UserId::from_uuid)));
    let (reply, command) = command(call, user.next.clone())?;
    tenant.invite_owner(&succession, &user, &command).await?;
    Ok(reply)
}

fn command(call: &OwnerCall, user: Versioned<User>) -> Result<(Reply<UserView>, OperatorCommand), Problem> {
    let (id, tenant) = (user.value.id, call.parameters.id);
    let reply = admins::reply(user, tenant);
    let command = call.command_on((Action::ReplaceOwner { user: id }, Some(tenant)), id, &reply)?;
    Ok((reply, command))
}

/// The reply to this request, which has invited this user, to a repetition of it. What an admin has changed of the invited
/// user is not in it.
pub fn show_successor(call: &OwnerCall, id: UserId) -> Reply<UserView> {
    admins::reply(Decided::first(decision(call, id)).next, call.parameters.id)
}

fn decision(call: &OwnerCall, id: UserId) -> UserDecision {
    let SuccessorRequest { name, email } = &call.body;
    User::invited_admin(id, Person::named(name.clone()), email.clone(), call.stamp())
}
