use std::process::ExitCode;

use domain::event::{Event, OrderCancelled, OrderConfirmed};
use domain::notification::NotificationKind;
use notifications::{notify_recipients, welcome_admin, welcome_user};
use platform::events::{Delivery, Failure, consume};
use platform::mail::Mailer;

fn main() -> ExitCode {
    consume(Mailer::open, notify)
}

async fn notify(mailer: &'static Mailer, delivery: Delivery) -> Result<(), Failure> {
    match delivery.event.clone() {
        Event::OrderConfirmed(OrderConfirmed { order, customer, .. }) => {
            let kind = NotificationKind::OrderConfirmed { order_id: order };
            notify_recipients(mailer, &delivery, customer, kind).await
        }
        Event::OrderCancelled(OrderCancelled { order, customer, reason, .. }) => {
            let kind = NotificationKind::OrderCancelled { order_id: order, reason };
            notify_recipients(mailer, &delivery, customer, kind).await
        }
        Event::TenantOnboarded(onboarded) => welcome_admin(mailer, &delivery, &onboarded).await,
        Event::UserRegistered(registered) => welcome_user(mailer, &delivery, &registered).await,
        _ => Ok(()),
    }
}
