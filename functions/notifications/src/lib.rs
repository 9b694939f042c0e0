//! Reactions to events. Each effect's id comes from its event, so an event that comes again changes nothing.

use domain::notification::{Notification, NotificationKind, notification_id, recipients};
use platform::events::{Delivery, Failure, OrderConfirmed, TenantOnboarded};
use platform::mail::{Mail, Mailer};

/// Tells the customer and the tenant's admins, in the app.
pub async fn tell_of_confirmation(delivery: &Delivery, confirmed: &OrderConfirmed) -> Result<(), Failure> {
    let admins = delivery.store.tenants().admins().await?;
    for recipient in recipients(confirmed.customer, admins) {
        let notification = Notification {
            id: notification_id(delivery.envelope.id, recipient),
            recipient,
            kind: NotificationKind::OrderConfirmed { order: confirmed.order },
            created_at: delivery.envelope.occurred_at,
        };
        delivery.store.inbox().deliver(&notification).await?;
    }
    Ok(())
}

/// Mail has no token that makes a second sending harmless: the mark keeps repeats away, a crash between the two does not.
pub async fn welcome(
    mailer: &Mailer,
    delivery: &Delivery,
    onboarded: &TenantOnboarded,
) -> Result<(), Failure> {
    let inbox = delivery.store.inbox();
    let event = delivery.envelope.id;
    if inbox.was_mailed(event).await? {
        return Ok(());
    }
    let TenantOnboarded { name, slug, admin_name, admin_email, .. } = onboarded;
    mailer
        .send(Mail {
            to: admin_email,
            subject: format!("Welcome to Terrace, {}", name.as_str()),
            text: format!(
                "Hello {},\n\n{} is ready. Sign in with the tenant \"{}\" and this e-mail address.\n",
                admin_name.as_str(),
                name.as_str(),
                slug.as_str()
            ),
        })
        .await?;
    Ok(inbox.mark_mailed(event, delivery.envelope.occurred_at).await?)
}
