//! An order's customer and the tenant's admins hear of it, each on the channels of their choice.

use domain::id::UserId;
use domain::notification::{Notification, NotificationKind, notification_id, recipients};
use domain::user::User;
use platform::events::{Delivery, Failure};
use platform::mail::Mailer;

use crate::mails::mail_of_order;

/// Every recipient is tried, whatever became of the others.
pub async fn tell(
    mailer: &Mailer,
    delivery: &Delivery,
    customer: UserId,
    kind: NotificationKind,
) -> Result<(), Failure> {
    let admins = delivery.store.tenants().admins().await?;
    let mut outcome = Ok(());
    for recipient in recipients(customer, admins) {
        outcome = graver(outcome, tell_one(mailer, delivery, recipient, &kind).await);
    }
    outcome
}

async fn tell_one(
    mailer: &Mailer,
    delivery: &Delivery,
    recipient: UserId,
    kind: &NotificationKind,
) -> Result<(), Failure> {
    // Who is gone, or deactivated meanwhile, hears nothing.
    let found = delivery.store.users().view(recipient).await?.map(|found| found.user);
    let Some(user) = found.filter(User::is_active) else { return Ok(()) };
    let (preferences, _) = delivery.store.notification_preferences().of(recipient).await?;
    let channels = preferences.channels(kind);
    if channels.in_app {
        let notification = Notification {
            id: notification_id(delivery.envelope.id, recipient),
            recipient,
            kind: kind.clone(),
            created_at: delivery.envelope.occurred_at,
            read_at: None,
        };
        delivery.store.inbox().deliver(&notification).await?;
    }
    if channels.email {
        mail_of_order(mailer, delivery, &user, kind).await?;
    }
    Ok(())
}

/// A message that is worth another try gets it first; what no try mends is told by the last one.
fn graver(one: Result<(), Failure>, other: Result<(), Failure>) -> Result<(), Failure> {
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
            assert_eq!(matches!(graver(one, other), Err(Failure::Transient(_))), is_transient);
        }
        assert!(graver(Ok(()), Ok(())).is_ok());
    }
}
