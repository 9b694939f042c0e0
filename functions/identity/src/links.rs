//! Links in mails, and what their readers do by them.

use domain::event::Event;
use domain::link::Purpose;
use platform::accounts::links::{
    FrontendUrl, LinkRedemption, LinkRequests, LinkToken, NoGoodLink, Redeemed, Redemption, Wait,
};
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

impl LinkIsOnItsWay {
    pub(crate) fn of(purpose: Purpose) -> Self {
        Self { expires_in: purpose.lifetime().as_secs() }
    }
}

pub async fn request_password_reset(
    requests: &LinkRequests,
    call: &OpenCall<NoParameters, PasswordResetRequest>,
) -> Result<Reply<LinkIsOnItsWay>, Problem> {
    let (PasswordResetRequest { tenant, email }, purpose) = (&call.body, Purpose::PasswordReset);
    match requests.request(purpose, (tenant, email), call.source, &call.context()).await? {
        Ok(()) => Ok(Reply::new(LinkIsOnItsWay::of(purpose))),
        Err(Wait(seconds)) => Err(Problem::too_many_links(seconds)),
    }
}

pub async fn reset_password(
    redemption: &LinkRedemption,
    call: &OpenCall<NoParameters, PasswordReset>,
) -> Result<Reply<()>, Problem> {
    let PasswordReset { token, new_password: password } = &call.body;
    redeem(redemption, call, token, &Redemption::PasswordReset { password }).await
}

/// Redeems a link. All tokens that are not good have one answer.
pub(crate) async fn redeem<B>(
    links: &LinkRedemption,
    call: &OpenCall<NoParameters, B>,
    token: &LinkToken,
    redemption: &Redemption<'_>,
) -> Result<Reply<()>, Problem> {
    redeemed(links.redeem(token, redemption, &call.context()).await?)
}

pub(crate) fn redeemed(outcome: Redeemed) -> Result<Reply<()>, Problem> {
    match outcome {
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
    let locale = link.locale;
    let (slug, page) = (&link.tenant.slug, |page: &str| mail.frontend.page(page, &link.token));
    let letter = match link.purpose() {
        Purpose::PasswordReset => letters::password_reset(locale, slug, &page("password-reset")),
        Purpose::Invitation => letters::invitation(locale, slug, &page("invitation")),
        Purpose::Ownership => letters::ownership(locale, slug, &page("ownership")),
        Purpose::Verification => letters::verification(locale, slug, &page("registration")),
        Purpose::EmailChange => letters::email_change(locale, slug, &page("email-change")),
    };
    mail.mailer.send(Mail { to: &link.to, letter }).await?;
    Ok(links.mark_sent(&link).await?)
}
