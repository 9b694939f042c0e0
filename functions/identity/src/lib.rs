//! Sessions, users and their roles, and links that are mailed to users.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod emails;
mod invitations;
mod letters;
mod links;
mod own;
pub mod people;
mod registrations;
mod requests;
mod roles;
mod session;
pub mod sessions;

use domain::id::UserId;
use domain::person::Person;
use domain::power::PowerRefusal;
use domain::role::RoleRefusal;
use domain::user::{Change, User};
use domain::{Version, Versioned};
use futures::try_join;
use platform::accounts::{Acting, UserView, decide_again, passwords};
use platform::http::{Call, Conditional, NoBody, NoParameters, Precondition, Problem, Reply};
use platform::new_id;
use platform::table::Decided;

pub use emails::{change_email, change_own_email, confirm_email};
pub use invitations::{
    InvitationsView, Outcome, accept_invitation, invite_again, invite_all, show_outcomes, take_ownership,
};
pub use links::{LinkIsOnItsWay, LinkMail, request_password_reset, reset_password, send_link};
pub use own::{MeView, change_password, show_own, update_own};
pub use registrations::{register_oneself, verify_registration};
pub use requests::{
    AcceptedInvitation, ConfirmedEmail, EmailOf, LogIn, NewInvitations, NewOwnEmail, NewPassword,
    NewRegistration, NewUser, OwnChanges, PasswordReset, PasswordResetRequest, RefreshRequest,
    SessionParameters, UserChanges, UserParameters, VerifiedRegistration,
};
pub use roles::{
    NewRole, OwnerView, RoleBookView, RoleChanges, RoleParameters, RoleView, ShownRole, Successor,
    change_role, define_role, list_roles, remove_role, show_owner, show_role, transfer_ownership,
};
pub use session::Session;

pub async fn register(call: &Call<NoParameters, NewUser>) -> Result<Reply<UserView>, Problem> {
    let NewUser { name, email, roles, password } = &call.body;
    let id = new_id(UserId::from_uuid);
    let hash = passwords::hash(password).map_err(Problem::internal)?;
    decide_again(|| async {
        let acting = call.store.acting(call.principal.user()).await?;
        let person = (Person::named(name.clone()), email.clone());
        let decision = acting.power().register(id, person, roles.clone(), call.stamp()).map_err(refused)?;
        let user = Decided::first(decision);
        let reply = reply(&acting, user.next.clone()).at(format!("/users/{id}"));
        let context = call.command_on(id, &reply)?;
        let by = (&acting, call.entitlements.limits.users);
        Ok(call.store.users().commit_by(by, &user, Some(&hash), &context).await.map(|()| reply))
    })
    .await
}

/// Shows the user in the path.
pub async fn show(call: &Call<UserParameters, NoBody>) -> Result<Reply<UserView>, Problem> {
    let id = call.parameters.id;
    let last_sign_in = async { call.store.last_sign_ins().of(id).await.map_err(Problem::from) };
    let ((view, version), at) = try_join!(read(call, id), last_sign_in)?;
    Ok(Reply::new(view.last_signed_in(at)).version_beside_others(version))
}

/// Shows the current state of the user that a repeated request has created or changed.
pub async fn show_again<P, B, C: Precondition>(
    call: Call<P, B, C>,
    id: UserId,
) -> Result<Reply<UserView>, Problem> {
    let (view, version) = read(&call, id).await?;
    Ok(Reply::new(view).version(version))
}

pub async fn update(
    call: &Call<UserParameters, UserChanges, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    change(call, &call.body.clone().into()).await
}

pub async fn deactivate(
    call: &Call<UserParameters, NoBody, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    change(call, &Change::Deactivate).await
}

pub async fn reactivate(
    call: &Call<UserParameters, NoBody, Conditional>,
) -> Result<Reply<UserView>, Problem> {
    change(call, &Change::Reactivate).await
}

/// Deletes the user at the version that the client has read.
pub async fn delete(call: &Call<UserParameters, NoBody, Conditional>) -> Result<Reply<()>, Problem> {
    decide_again(|| async {
        let (acting, user) = call.store.acting_on(call.principal.user(), call.parameters.id).await?;
        let known = call.expect(user.ok_or_else(no_such_user)?)?;
        let decided = known.decide(|user| acting.power().delete(user, call.stamp())).map_err(refused)?;
        let reply = Reply::nothing();
        let context = call.command(&reply)?;
        Ok(call.store.users().delete_by(&acting, &decided, &context).await.map(|()| reply))
    })
    .await
}

/// Carries out a change of the user at the version that the client has read.
async fn change<B: Sync>(
    call: &Call<UserParameters, B, Conditional>,
    change: &Change,
) -> Result<Reply<UserView>, Problem> {
    decide_again(|| async {
        let (acting, user) = call.store.acting_on(call.principal.user(), call.parameters.id).await?;
        let known = call.expect(user.ok_or_else(no_such_user)?)?;
        let decide = |user: &User| acting.power().change(user, change.clone(), call.stamp());
        let decided = known.decide(decide).map_err(refused)?;
        let reply = reply(&acting, decided.next.clone());
        let context = call.command_on(decided.next.value.id, &reply)?;
        let by = (&acting, call.entitlements.limits.users);
        Ok(call.store.users().commit_by(by, &decided, None, &context).await.map(|()| reply))
    })
    .await
}

async fn read<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    id: UserId,
) -> Result<(UserView, Version), Problem> {
    let (users, books) = (call.store.users(), call.store.role_books());
    let (user, book) = try_join!(users.get(id), books.get_eventually())?;
    let user = user.ok_or_else(no_such_user)?;
    let version = user.version;
    let is_owner = id == book.value.owner;
    Ok((UserView::new(user, call.store.tenant(), is_owner), version))
}

fn no_such_user() -> Problem {
    Problem::not_found("user")
}

fn reply(acting: &Acting, user: Versioned<User>) -> Reply<UserView> {
    let (version, is_owner) = (user.version, acting.is_owner(user.value.id));
    Reply::new(UserView::new(user, acting.tenant(), is_owner)).version(version)
}

fn refused(refusal: PowerRefusal) -> Problem {
    let words = refusal.to_string();
    match refusal {
        PowerRefusal::Lacks(_)
        | PowerRefusal::GivesMore(_)
        | PowerRefusal::TouchesMore(_)
        | PowerRefusal::HoldsRole => Problem::forbidden(words),
        PowerRefusal::NoSuchRole(_) => Problem::invalid("/roles", words),
        PowerRefusal::Role(RoleRefusal::Unknown(_)) => Problem::not_found("role"),
        PowerRefusal::OwnerStays
        | PowerRefusal::Oneself
        | PowerRefusal::OwnAddress
        | PowerRefusal::NoSuccessor
        | PowerRefusal::User(_)
        | PowerRefusal::Role(RoleRefusal::NameTaken | RoleRefusal::TooMany) => Problem::conflict(words),
    }
}
