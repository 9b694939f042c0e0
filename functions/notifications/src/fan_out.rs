//! Notifies the recipients of an event, each on the channels that the recipient has chosen.

use domain::id::UserId;
use domain::notification::{Notification, NotificationKind, notification_id, recipients};
use domain::user::User;
use futures::future::join_all;
use platform::events::{Delivery, Failure};
use platform::mail::Mailer;

use crate::mails::send_mail;
use crate::store::{inbox, preferences};

/// Notifies a customer and the tenant's admins. A failure for one recipient does not stop the others.
///
/// The mails are sent last and concurrently, so that a slow one delays neither a notification in the app nor
/// another mail.
pub async fn notify_recipients(
    mailer: &Mailer,
    delivery: &Delivery,
    customer: UserId,
    kind: NotificationKind,
) -> Result<(), Failure> {
    let admins = delivery.store.tenants().admins().await?;
    let (mut outcome, mut mailed) = (Ok(()), Vec::new());
    for recipient in recipients(customer, admins) {
        match notify_in_app(delivery, recipient, &kind).await {
            Ok(user) => mailed.extend(user),
            Err(failure) => outcome = worst_of(outcome, Err(failure)),
        }
    }
    let mails = mailed.iter().map(|user| send_mail(mailer, delivery, user, &kind));
    join_all(mails).await.into_iter().fold(outcome, worst_of)
}

/// Delivers the notification to the inbox if the recipient wants it there. Returns the user if a mail is to
/// be sent.
async fn notify_in_app(
    delivery: &Delivery,
    recipient: UserId,
    kind: &NotificationKind,
) -> Result<Option<User>, Failure> {
    // A recipient may have been deactivated since the event.
    let found = delivery.store.users().get(recipient).await?.map(|found| found.value);
    let Some(user) = found.filter(User::is_active) else { return Ok(None) };
    let channels = preferences::get(&delivery.store, recipient).await?.value.channels(kind);
    if channels.in_app {
        let notification = Notification {
            id: notification_id(delivery.envelope.id, recipient),
            recipient,
            kind: kind.clone(),
            created_at: delivery.envelope.occurred_at,
            read_at: None,
        };
        inbox(&delivery.store).deliver(&notification).await?;
    }
    Ok(channels.email.then_some(user))
}

/// A transient failure takes precedence, so that the message is retried. A permanent one is reported when no
/// transient one is left.
fn worst_of(one: Result<(), Failure>, other: Result<(), Failure>) -> Result<(), Failure> {
    match (one, other) {
        (Err(Failure::Transient(reason)), _) | (_, Err(Failure::Transient(reason))) => {
            Err(Failure::Transient(reason))
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
        (Ok(()), Ok(())) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transient_failure_goes_before_a_permanent_one() {
        let transient = || Err(Failure::Transient(String::new()));
        let permanent = || Err(Failure::Permanent(String::new()));
        for (one, other, is_transient) in [
            (transient(), permanent(), true),
            (permanent(), transient(), true),
            (Ok(()), transient(), true),
            (permanent(), Ok(()), false),
            (Ok(()), permanent(), false),
        ] {
            assert_eq!(matches!(worst_of(one, other), Err(Failure::Transient(_))), is_transient);
        }
        assert!(worst_of(Ok(()), Ok(())).is_ok());
    }
}
