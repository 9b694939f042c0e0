use std::process::ExitCode;

use notifications::{tell_of_confirmation, welcome};
use platform::events::{Delivery, Event, Failure, consume};
use platform::mail::Mailer;

fn main() -> ExitCode {
    consume(Mailer::open, notify)
}

async fn notify(mailer: &'static Mailer, delivery: Delivery) -> Result<(), Failure> {
    match &delivery.event {
        Event::OrderConfirmed(confirmed) => tell_of_confirmation(&delivery, confirmed).await,
        Event::TenantOnboarded(onboarded) => welcome(mailer, &delivery, onboarded).await,
        _ => Ok(()),
    }
}
