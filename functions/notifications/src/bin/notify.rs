use std::process::ExitCode;

use domain::event::EventType;
use notifications::notify;
use platform::events::{Consumer, Cost, consume};
use platform::mail::Mailer;

const CONSUMER: Consumer = Consumer::reaction(
    "notify",
    &[
        EventType::OrderConfirmed,
        EventType::OrderCancelled,
        EventType::TenantOnboarded,
        EventType::UserRegistered,
        EventType::PasswordChanged,
        EventType::EmailChanged,
    ],
)
.costing(&[
    Cost::when("order.confirmed, to one recipient in the app", 3.5, 4.0),
    Cost::when("order.cancelled, to one recipient in the app", 3.5, 4.0),
    Cost::when("tenant.onboarded", 3.5, 1.0),
    Cost::when("user.registered", 2.5, 1.0),
    Cost::when("user.passwordChanged", 3.5, 1.0),
    Cost::when("user.emailChanged", 3.5, 1.0),
])
.continuing();

fn main() -> ExitCode {
    consume(&CONSUMER, Mailer::open, notify)
}
