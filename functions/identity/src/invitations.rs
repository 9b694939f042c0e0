//! Invitations: users who choose their password by a mailed link.

use domain::id::UserId;
use domain::link::Purpose;
use domain::person::Person;
use domain::text::Email;
use platform::accounts::decide_again;
use platform::accounts::links::{LinkRedemption, Redemption, Wait};
use platform::http::{Call, NoBody, NoParameters, OpenCall, Problem, Reply};
use platform::new_id;
use platform::table::Decided;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::links::{LinkIsOnItsWay, redeem};
use crate::requests::{AcceptedInvitation, NewInvitation, NewInvitations};
use crate::{UserParameters, no_such_user, refused};

/// What has become of each invitation, in the order of the request.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invitations")]
pub struct InvitationsView {
    items: Vec<InvitationView>,
}

/// An invited user, or why the user was not invited.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invitation")]
struct InvitationView {
    email: Email,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<RefusedInvitation>,
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
struct RefusedInvitation {
    /// That a request with this invitation alone would have had.
    status: u16,
    detail: String,
}

/// What has become of one invitation, as receipts keep it.
#[derive(Serialize, Deserialize)]
pub struct Outcome(Result<UserId, RefusedInvitation>);

/// Invites each by a transaction of its own.
pub async fn invite_all(
    call: &Call<NoParameters, NewInvitations>,
) -> Result<Reply<InvitationsView>, Problem> {
    let mut outcomes = Vec::new();
    for invitation in &call.body.invitations.0 {
        outcomes.push(outcome(invite(call, invitation).await)?);
    }
    let reply = show_outcomes(call, &outcomes);
    if let Some(receipt) = call.store.receipt_of(&call.command_on(&outcomes, &reply)?)? {
        call.store.commit(vec![receipt]).await?;
    }
    Ok(reply)
}

/// The reply to this request, whose outcomes were these. A repetition is the same request, so its reply is the same.
pub fn show_outcomes(
    call: &Call<NoParameters, NewInvitations>,
    outcomes: &[Outcome],
) -> Reply<InvitationsView> {
    let shown =
        |(NewInvitation { email, .. }, Outcome(outcome)): (&NewInvitation, &Outcome)| InvitationView {
            email: email.clone(),
            user: outcome.as_ref().ok().copied(),
            problem: outcome.as_ref().err().cloned(),
        };
    Reply::new(InvitationsView { items: call.body.invitations.0.iter().zip(outcomes).map(shown).collect() })
}

async fn invite(
    call: &Call<NoParameters, NewInvitations>,
    NewInvitation { name, email, roles }: &NewInvitation,
) -> Result<UserId, Problem> {
    let id = new_id(UserId::from_uuid);
    decide_again(|| async {
        let acting = call.store.acting(call.principal.user()).await?;
        let person = (Person::named(name.clone()), email.clone());
        let decision = acting.power().invite(id, person, roles.clone(), call.stamp()).map_err(refused)?;
        let allowed = (&acting, call.entitlements.limits.users);
        let invited = Decided::first(decision);
        Ok(call.store.users().invite(allowed, &invited, &call.part()).await.map(|()| id))
    })
    .await
}

/// Fails with what ends the whole request.
fn outcome(invited: Result<UserId, Problem>) -> Result<Outcome, Problem> {
    match invited {
        Ok(user) => Ok(Outcome(Ok(user))),
        Err(problem) if [403, 409, 422, 429].contains(&problem.status()) => {
            let detail = problem.detail().to_owned();
            Ok(Outcome(Err(RefusedInvitation { status: problem.status(), detail })))
        }
        Err(problem) => Err(problem),
    }
}

/// Lets another link be mailed to a user who has not accepted the invitation yet. The one before is good no more then.
pub async fn invite_again(call: &Call<UserParameters, NoBody>) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    decide_again(|| async {
        let (acting, user) = call.store.acting_on(call.principal.user(), call.parameters.id).await?;
        let user = user.ok_or_else(no_such_user)?;
        acting.power().invite_again(&user.value).map_err(refused)?;
        let purpose = Purpose::Invitation;
        let reply = Reply::new(LinkIsOnItsWay::of(purpose));
        let context = call.command(&reply)?;
        let asked = purpose.request(user.value.id, call.stamp());
        let to = &user.value.email;
        match call.store.links().request(Some(&acting), (&user, to), asked, &context).await {
            Ok(Err(Wait(seconds))) => Err(Problem::too_many_links(seconds)),
            outcome => Ok(outcome.map(|_| reply)),
        }
    })
    .await
}

pub async fn accept_invitation(
    links: &LinkRedemption,
    call: &OpenCall<NoParameters, AcceptedInvitation>,
) -> Result<Reply<()>, Problem> {
    let AcceptedInvitation { token, password, name } = &call.body;
    redeem(links, call, token, &Redemption::Invitation { password, name: name.as_ref() }).await
}

/// Becomes the owner in the place of one who is lost.
pub async fn take_ownership(
    links: &LinkRedemption,
    call: &OpenCall<NoParameters, AcceptedInvitation>,
) -> Result<Reply<()>, Problem> {
    let AcceptedInvitation { token, password, name } = &call.body;
    redeem(links, call, token, &Redemption::Ownership { password, name: name.as_ref() }).await
}
