//! Owners who are lost: whoever takes their place is invited by an operator, and chooses the password.

use domain::id::UserId;
use domain::operator::Action;
use domain::person::Person;
use domain::user::{User, UserDecision};
use platform::accounts::{Operating, UserView};
use platform::http::{OperatorCall, Problem, Reply};
use platform::new_id;
use platform::table::Decided;

use crate::admins;
use crate::requests::{SuccessorRequest, TenantParameters};

type OwnerCall = OperatorCall<TenantParameters, SuccessorRequest>;

/// Invites an admin of the tenant that the path names, who becomes its owner by redeeming the mailed link. Answers 404 if
/// there is no such tenant.
pub async fn replace_owner(
    operating: &'static Operating,
    call: &OwnerCall,
) -> Result<Reply<UserView>, Problem> {
    let tenant = operating.tenant(call, call.parameters.id).await?;
    if tenant.profile().await?.is_none() {
        return Err(Problem::not_found("tenant"));
    }
    let user = Decided::first(decision(call, new_id(UserId::from_uuid)));
    let (id, reply) = (user.next.value.id, admins::reply(user.next.clone(), call.parameters.id));
    let action = Action::ReplaceOwner { user: id };
    tenant.invite_owner(&user, &call.command_on((action, Some(call.parameters.id)), id, &reply)?).await?;
    Ok(reply)
}

/// The reply to this request, which has invited this user. A repetition is the same request, so its reply is the same.
pub fn show_successor(call: &OwnerCall, id: UserId) -> Reply<UserView> {
    admins::reply(Decided::first(decision(call, id)).next, call.parameters.id)
}

fn decision(call: &OwnerCall, id: UserId) -> UserDecision {
    let SuccessorRequest { name, email } = &call.body;
    User::invited_admin(id, Person::named(name.clone()), email.clone(), call.stamp())
}
