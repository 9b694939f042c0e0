use std::process::ExitCode;

use domain::notification::NotificationKind;
use notifications::{tell, welcome_admin, welcome_user};
use platform::events::{Delivery, Event, Failure, OrderCancelled, OrderConfirmed, consume};
use platform::mail::Mailer;

fn main() -> ExitCode {
    consume(Mailer::open, notify)
}

async fn notify(mailer: &'static Mailer, delivery: Delivery) -> Result<(), Failure> {
    match &delivery.event {
        Event::OrderConfirmed(OrderConfirmed { order, customer, .. }) => {
            tell(mailer, &delivery, *customer, NotificationKind::OrderConfirmed { order: *order }).await
        }
        Event::OrderCancelled(OrderCancelled { order, customer, reason, .. }) => {
            let kind = NotificationKind::OrderCancelled { order: *order, reason: reason.clone() };
            tell(mailer, &delivery, *customer, kind).await
        }
        Event::TenantOnboarded(onboarded) => welcome_admin(mailer, &delivery, onboarded).await,
        Event::UserRegistered(registered) => welcome_user(mailer, &delivery, registered).await,
        _ => Ok(()),
    }
}
