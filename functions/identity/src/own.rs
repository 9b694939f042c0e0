//! What users do to themselves, which takes no power.

use domain::Versioned;
use domain::permission::{Permission, PermissionSet};
use domain::tier::Features;
use domain::user::{Command, User, UserRefusal};
use futures::try_join;
use jiff::Timestamp;
use platform::accounts::{UserView, passwords};
use platform::http::{Call, Conditional, NoBody, NoParameters, Precondition, Problem, Reply};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{NewPassword, OwnChanges};

/// The signed-in user, and what a page may offer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Me")]
pub struct MeView {
    #[serde(flatten)]
    user: UserView,
    /// What the user may do, as routes decide it: as it was up to a minute ago.
    permissions: PermissionSet,
    /// What the tenant's tier includes, as it was up to a minute ago.
    features: Features,
}

pub async fn show_own(call: &Call<NoParameters, NoBody>) -> Result<Reply<MeView>, Problem> {
    let last_sign_in =
        async { call.store.last_sign_ins().of(call.principal.user()).await.map_err(Problem::from) };
    let (user, at) = try_join!(own_user(call), last_sign_in)?;
    Ok(reply(call, user, at))
}

pub async fn update_own(
    call: &Call<NoParameters, OwnChanges, Conditional>,
) -> Result<Reply<MeView>, Problem> {
    let known = call.expect(own_user(call).await?)?;
    let command = call.body.clone().into();
    let decided = known.decide(|user| user.decide(command, call.stamp())).map_err(refused)?;
    let reply = reply(call, decided.next.clone(), None);
    call.store.users().commit_own(&decided, None, &call.command(&reply)?).await?;
    Ok(reply)
}

pub async fn change_password(call: &Call<NoParameters, NewPassword>) -> Result<Reply<()>, Problem> {
    let (user, attempts) = (own_user(call).await?, call.store.password_attempts());
    if let Some(seconds) = attempts.wait(user.value.id, call.now()).await? {
        return Err(Problem::too_many_attempts(seconds));
    }
    let entry = call.store.directory().find(&user.value.email).await?;
    let present = entry.and_then(|(_, password)| password);
    if !passwords::verify(present.as_ref(), &call.body.current_password) {
        attempts.failed(user.value.id, call.now()).await?;
        return Err(Problem::invalid("/currentPassword", "must be the present password"));
    }
    let known = call.as_read(user);
    let decided = known.decide(|user| user.decide(Command::ChangePassword, call.stamp())).map_err(refused)?;
    let hash = passwords::hash(&call.body.new_password).map_err(Problem::internal)?;
    let reply = Reply::nothing();
    call.store.users().commit_own(&decided, Some(&hash), &call.command(&reply)?).await?;
    Ok(reply)
}

/// The signed-in user. The authorizer has read the user, who may have been deleted since.
pub(crate) async fn own_user<P, B, C: Precondition>(
    call: &Call<P, B, C>,
) -> Result<Versioned<User>, Problem> {
    let user = call.store.users().get(call.principal.user()).await?;
    user.ok_or_else(|| Problem::forbidden("Your account was deleted."))
}

fn reply<P, B, C: Precondition>(
    call: &Call<P, B, C>,
    user: Versioned<User>,
    last_sign_in: Option<Timestamp>,
) -> Reply<MeView> {
    let version = user.version;
    let permissions = call.principal.permissions();
    let is_owner = permissions.contains(Permission::TenantOwn);
    let user = UserView::new(user, call.principal.tenant(), is_owner).last_signed_in(last_sign_in);
    let me = MeView { user, permissions, features: call.entitlements.features.clone() };
    Reply::new(me).version_beside_others(version)
}

fn refused(refusal: UserRefusal) -> Problem {
    Problem::conflict(refusal.to_string())
}
