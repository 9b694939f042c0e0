//! Forgotten passwords.

use domain::event::Event;
use domain::link::Purpose;
use platform::accounts::links::{FrontendUrl, LinkRedemption, LinkRequests, NoGoodLink, Redeemed, Wait};
use platform::events::{Delivery, Failure};
use platform::http::{NoParameters, OpenCall, Problem, Reply};
use platform::mail::{Mail, Mailer};
use schemars::JsonSchema;
use serde::Serialize;

use crate::letters;
use crate::requests::{PasswordReset, PasswordResetRequest};

/// Says nothing of whether there is such a user.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkIsOnItsWay {
    /// For how many seconds the link is good, if one is mailed.
    expires_in: i64,
}

pub async fn request_password_reset(
    requests: &LinkRequests,
    call: &OpenCall<NoParameters, PasswordResetRequest>,
) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    let (PasswordResetRequest { tenant, email }, purpose) = (&call.body, Purpose::PasswordReset);
    match requests.request(purpose, (tenant, email), call.source, &call.context()).await? {
        Ok(()) => Ok(Reply::new(LinkIsOnItsWay { expires_in: purpose.lifetime().as_secs() })),
        Err(Wait(seconds)) => Err(Problem::too_many_attempts(seconds)),
    }
}

pub async fn reset_password(
    redemption: &LinkRedemption,
    call: &OpenCall<NoParameters, PasswordReset>,
) -> Result<Reply<()>, Problem> {
    let PasswordReset { token, new_password } = &call.body;
    match redemption.reset_password(token, new_password, &call.context()).await? {
        Redeemed::Done => Ok(Reply::nothing()),
        Redeemed::NoGoodLink => Err(Problem::invalid("/token", NoGoodLink)),
    }
}

/// What mails links, and where they lead.
pub struct LinkMail {
    pub mailer: Mailer,
    pub frontend: FrontendUrl,
}

/// Makes the link that was asked for, and mails it.
pub async fn send_link(mail: &LinkMail, delivery: &Delivery) -> Result<(), Failure> {
    let Event::LinkRequested(requested) = &delivery.logged.event else {
        return Err(Failure::Permanent("no link is asked for by this event".to_owned()));
    };
    let links = delivery.store.links();
    let Some(link) = links.make(&delivery.logged, requested).await? else { return Ok(()) };
    let letter = match link.purpose() {
        Purpose::PasswordReset => letters::password_reset(
            link.locale,
            &link.tenant.slug,
            &mail.frontend.page("password-reset", &link.token),
        ),
    };
    mail.mailer.send(Mail { to: &link.to, letter }).await?;
    Ok(links.mark_sent(&link).await?)
}
