//! Mails and their texts.

use domain::event::{TenantOnboarded, UserRegistered};
use domain::id::UserId;
use domain::notification::{NotificationKind, Words};
use domain::user::User;
use platform::events::{Delivery, Failure};
use platform::mail::{Mail, Mailer};

use crate::store::sent_mails::{is_sent, mark_sent};

pub(crate) async fn welcome_admin(
    mailer: &Mailer,
    delivery: &Delivery,
    onboarded: &TenantOnboarded,
) -> Result<(), Failure> {
    if delivery.store.tenants().get().await?.value.is_suspended() {
        return Ok(());
    }
    let TenantOnboarded { name, slug, admin, admin_name, admin_email, .. } = onboarded;
    let mail = Mail {
        to: admin_email,
        subject: format!("Welcome to Terrace, {}", name.as_str()),
        text: format!(
            "Hello {},\n\n{} is ready. Sign in with the tenant \"{}\" and this e-mail address.\n",
            admin_name.as_str(),
            name.as_str(),
            slug.as_str()
        ),
    };
    send_once(mailer, delivery, *admin, mail).await
}

pub(crate) async fn welcome_user(
    mailer: &Mailer,
    delivery: &Delivery,
    registered: &UserRegistered,
) -> Result<(), Failure> {
    let tenant = delivery.store.tenants().get().await?.value;
    if tenant.is_suspended() {
        return Ok(());
    }
    let mail = Mail {
        to: &registered.email,
        subject: "Welcome to Terrace".to_owned(),
        text: format!(
            "Hello {},\n\nyou have an account now. Sign in with the tenant \"{}\" and this e-mail address.\n",
            registered.name.as_str(),
            tenant.slug.as_str()
        ),
    };
    send_once(mailer, delivery, registered.user, mail).await
}

pub(crate) async fn send_mail(
    mailer: &Mailer,
    delivery: &Delivery,
    recipient: &User,
    kind: &NotificationKind,
) -> Result<(), Failure> {
    let Words { subject, news } = kind.words();
    let text = format!("Hello {},\n\n{news}\n", recipient.name.as_str());
    send_once(mailer, delivery, recipient.id, Mail { to: &recipient.email, subject, text }).await
}

/// Sends a mail unless it is marked as sent. SES has no idempotency token, so a crash after sending and
/// before marking leads to a second mail.
async fn send_once(
    mailer: &Mailer,
    delivery: &Delivery,
    recipient: UserId,
    mail: Mail<'_>,
) -> Result<(), Failure> {
    let event = delivery.logged.id;
    if is_sent(&delivery.store, event, recipient).await? {
        return Ok(());
    }
    mailer.send(mail).await?;
    Ok(mark_sent(&delivery.store, event, recipient, delivery.logged.stamp.at).await?)
}
