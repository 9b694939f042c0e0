//! Sessions and users.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod requests;
mod session;
pub mod sessions;

use domain::Versioned;
use domain::id::UserId;
use domain::text::Email;
use domain::user::{Command, User, UserRefusal};
use platform::accounts::{self, UserView, passwords};
use platform::http::{Call, Conditional, NoBody, NoParameters, Precondition, Problem, Reply};
use platform::table::Page;
use platform::tenancy::Principal;

pub use requests::{
    ListParameters, LogIn, NewPassword, NewUser, RefreshRequest, SessionParameters, UserChanges,
    UserParameters,
};
pub use session::Session;

/// The one rule of visibility: a member sees no other user.
fn visible_to(principal: Principal, user: UserId) -> bool {
    user == principal.user() || principal.is_admin()
}

pub async fn register(call: &Call<NoParameters, NewUser>) -> Result<Reply<UserView>, Problem> {
    let NewUser { name, email, role, password } = &call.body;
    let decided = accounts::NewUser { name, email, role: *role, password }.decide(call.stamp())?;
    let user = decided.user();
    let id = user.value.id;
    let reply = reply(call.principal, user.clone()).at(format!("/users/{id}"));
    let (most, context) = (call.entitlements.limits.users, call.command_on(id, &reply)?);
    call.store.users().register(&decided, most, &context).await?;
    Ok(reply)
}

/// Shows the user in the path.
pub async fn show(call: &Call<UserParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    Ok(reply(call.principal, visible_user(call, call.parameters.id).await?))
}

/// Shows the current state of the user that a repeated request has created or changed.
pub async fn show_again<P, B, C: Precondition>(
    call: Call<P, B, C>,
    id: UserId,
) -> Result<Reply<UserView>, Problem> {
    Ok(reply(call.principal, visible_user(&call, id).await?))
}

/// Shows the signed-in user.
pub async fn show_own(call: &Call<NoParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    Ok(reply(call.principal, own_user(call).await?))
}

pub async fn list(call: &Call<ListParameters, NoBody>) -> Result<Page<UserView, Email>, Problem> {
    let ListParameters { limit, cursor, email } = &call.parameters;
    let page = call.store.directory().list(email.as_ref(), limit.get(), cursor.as_ref()).await?;
    Ok(page.map(|user| UserView::new(user, call.principal.tenant())))
}

/// Changes a user. Members may change their own name, and only admins may change roles.
pub async fn update(
    call: &Call<UserParameters, UserChanges, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    let user = visible_user(call, call.parameters.id).await?;
    let UserChanges { name, role } = call.body.clone();
    if role.is_some() && !call.principal.is_admin() {
        return Err(Problem::forbidden("Roles are given by admins; ask one of your tenant's admins."));
    }
    change(call, user, Command::Update { name, role }).await
}

pub async fn deactivate(
    call: &Call<UserParameters, NoBody, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    let user = visible_user(call, call.parameters.id).await?;
    change(call, user, Command::Deactivate).await
}

pub async fn change_password(call: &Call<NoParameters, NewPassword>) -> Result<Reply<()>, Problem> {
    let (user, attempts) = (own_user(call).await?, call.store.password_attempts());
    if let Some(seconds) = attempts.wait(user.value.id, call.now()).await? {
        return Err(Problem::too_many_attempts(seconds));
    }
    let entry = call.store.directory().find(&user.value.email).await?;
    let present = entry.map(|(_, password)| password);
    if !passwords::verify(present.as_ref(), &call.body.current_password) {
        attempts.failed(user.value.id, call.now()).await?;
        return Err(Problem::invalid("/currentPassword", "must be the present password"));
    }
    let known = call.as_read(user);
    let decided = known.decide(|user| user.decide(Command::ChangePassword, call.stamp())).map_err(refused)?;
    let hash = passwords::hash(&call.body.new_password).map_err(Problem::internal)?;
    let reply = Reply::nothing();
    call.store.users().commit(&decided, Some(&hash), &call.command(&reply)?).await?;
    Ok(reply)
}

/// Carries out a command on the user at the version that the client has read.
async fn change<B>(
    call: &Call<UserParameters, B, Conditional>,
    user: Versioned<User>,
    command: Command,
) -> Result<Reply<UserView>, Problem> {
    let known = call.expect(user)?;
    let decided = known.decide(|user| user.decide(command, call.stamp())).map_err(refused)?;
    let reply = reply(call.principal, decided.next.clone());
    let context = call.command_on(decided.next.value.id, &reply)?;
    call.store.users().commit(&decided, None, &context).await?;
    Ok(reply)
}

async fn visible_user<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    id: UserId,
) -> Result<Versioned<User>, Problem> {
    let found = match visible_to(call.principal, id) {
        true => call.store.users().get(id).await?,
        false => None,
    };
    found.ok_or_else(|| Problem::not_found("user"))
}

/// The signed-in user, who exists, since the authorizer has read the user.
async fn own_user<P, B>(call: &Call<P, B>) -> Result<Versioned<User>, Problem> {
    let user = call.store.users().get(call.principal.user()).await?;
    user.ok_or_else(|| Problem::internal("the signed-in user is not there"))
}

fn reply(principal: Principal, user: Versioned<User>) -> Reply<UserView> {
    let version = user.version;
    Reply::new(UserView::new(user, principal.tenant())).version(version)
}

fn refused(refusal: UserRefusal) -> Problem {
    match refusal {
        UserRefusal::Deactivated => Problem::conflict(refusal.to_string()),
    }
}
