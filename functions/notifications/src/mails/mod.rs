//! Mails, each sent once for its event and recipient.

mod words;

use domain::event::{EmailChanged, PasswordChanged, TenantOnboarded, UserRegistered};
use domain::id::UserId;
use domain::locale::Locale;
use domain::notification::NotificationKind;
use domain::text::{Email, Slug};
use domain::user::User;
use platform::events::{Delivery, Failure};
use platform::mail::{Letter, Mail, Mailer, locale_of};

use crate::store::sent_mails::{is_sent, mark_sent};

pub(crate) async fn welcome_admin(
    mailer: &Mailer,
    delivery: &Delivery,
    TenantOnboarded { admin, .. }: &TenantOnboarded,
) -> Result<(), Failure> {
    let admin = delivery.store.users().get(*admin).await?.map(|found| found.value);
    let Some(User { id, person, email, .. }) = admin.filter(User::is_active) else { return Ok(()) };
    let admin = Recipient { id, to: &email, locale: locale_of(&person) };
    tell(mailer, delivery, admin, words::welcome_admin).await
}

pub(crate) async fn welcome_user(
    mailer: &Mailer,
    delivery: &Delivery,
    registered: &UserRegistered,
) -> Result<(), Failure> {
    let UserRegistered { user, person, email, .. } = registered;
    let user = Recipient { id: *user, to: email, locale: locale_of(person) };
    tell(mailer, delivery, user, words::welcome_user).await
}

/// Somebody, as the event says.
struct Recipient<'a> {
    id: UserId,
    to: &'a Email,
    locale: Locale,
}

/// Sends nothing to users of a suspended tenant.
async fn tell(
    mailer: &Mailer,
    delivery: &Delivery,
    Recipient { id, to, locale }: Recipient<'_>,
    letter: fn(Locale, &Slug) -> Letter,
) -> Result<(), Failure> {
    let tenant = delivery.store.tenants().get().await?.value;
    if tenant.is_suspended() {
        return Ok(());
    }
    send_once(mailer, delivery, id, Mail { to, letter: letter(locale, &tenant.slug) }).await
}

/// Who has the mailbox of the address of before learns of the change, which may not have been theirs.
pub(crate) async fn tell_former_address(
    mailer: &Mailer,
    delivery: &Delivery,
    changed: &EmailChanged,
) -> Result<(), Failure> {
    let user = delivery.store.users().get(changed.user).await?;
    let locale = user.map_or(Locale::English, |user| locale_of(&user.value.person));
    let former = Recipient { id: changed.user, to: &changed.from, locale };
    tell(mailer, delivery, former, words::new_address).await
}

/// Whoever has changed it, the user learns of it.
pub(crate) async fn tell_of_new_password(
    mailer: &Mailer,
    delivery: &Delivery,
    changed: &PasswordChanged,
) -> Result<(), Failure> {
    let (tenants, users) = (delivery.store.tenants(), delivery.store.users());
    let (tenant, user) = futures::try_join!(tenants.get(), users.get(changed.user))?;
    let user = user.map(|found| found.value).filter(User::is_active);
    match user.filter(|_| !tenant.value.is_suspended()) {
        Some(user) => {
            let letter = words::new_password(locale_of(&user.person), &tenant.value.slug);
            let mail = Mail { to: &user.email, letter };
            send_once(mailer, delivery, user.id, mail).await
        }
        None => Ok(()),
    }
}

pub(crate) async fn send_mail(
    mailer: &Mailer,
    delivery: &Delivery,
    recipient: &User,
    kind: &NotificationKind,
) -> Result<(), Failure> {
    let letter = words::notification(kind, locale_of(&recipient.person));
    let mail = Mail { to: &recipient.email, letter };
    send_once(mailer, delivery, recipient.id, mail).await
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
