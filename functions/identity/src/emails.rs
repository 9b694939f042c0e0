//! New e-mail addresses, which count once a link that was mailed there has confirmed them.

use domain::Versioned;
use domain::link::{Purpose, request_email_change};
use domain::text::Email;
use domain::user::User;
use platform::accounts::decide_again;
use platform::accounts::links::{LinkRedemption, Redemption, Wait};
use platform::http::{Call, NoParameters, OpenCall, Problem, Reply};
use platform::table::StoreError;

use crate::links::{LinkIsOnItsWay, redeem};
use crate::own::{own_user, prove};
use crate::requests::{ConfirmedEmail, EmailOf, NewOwnEmail};
use crate::{UserParameters, no_such_user, refused};

pub async fn change_own_email(
    call: &Call<NoParameters, NewOwnEmail>,
) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    let NewOwnEmail { email, current_password } = &call.body;
    let user = own_user(call).await?;
    prove(call, &user.value, current_password).await?;
    require_another(&user.value, email)?;
    decide_again(|| async {
        let user = own_user(call).await?;
        let asked = request_email_change(user.value.id, email.clone(), call.stamp());
        let (links, context) = (call.store.links(), call.command(&Reply::nothing())?);
        on_its_way(links.request(None, (&user, email), asked, &context).await)
    })
    .await
}

/// Whether the address is another user's is not told here: that the mailbox confirms it comes first.
pub async fn change_email(call: &Call<UserParameters, EmailOf>) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    decide_again(|| async {
        let (acting, user) = call.store.acting_on(call.principal.user(), call.parameters.id).await?;
        let user: Versioned<User> = user.ok_or_else(no_such_user)?;
        acting.power().ask_for_address(&user.value).map_err(refused)?;
        require_another(&user.value, &call.body.email)?;
        let asked = request_email_change(user.value.id, call.body.email.clone(), call.stamp());
        let (links, context) = (call.store.links(), call.command(&Reply::nothing())?);
        on_its_way(links.request(Some(&acting), (&user, &call.body.email), asked, &context).await)
    })
    .await
}

pub async fn confirm_email(
    links: &LinkRedemption,
    call: &OpenCall<NoParameters, ConfirmedEmail>,
) -> Result<Reply<()>, Problem> {
    redeem(links, call, &call.body.token, &Redemption::EmailChange).await
}

fn require_another(user: &User, email: &Email) -> Result<(), Problem> {
    match user.email == *email {
        true => Err(Problem::invalid("/email", "must be another address than the present one")),
        false => Ok(()),
    }
}

type Asked = Result<Result<(), Wait>, StoreError>;

fn on_its_way(asked: Asked) -> Result<Result<Reply<LinkIsOnItsWay>, StoreError>, Problem> {
    match asked {
        Ok(Err(Wait(seconds))) => Err(Problem::too_many_links(seconds)),
        outcome => Ok(outcome.map(|_| Reply::new(LinkIsOnItsWay::of(Purpose::EmailChange)))),
    }
}
