use std::process::ExitCode;

use domain::event::EventType;
use platform::accounts::Register;
use platform::events::{Consumer, Cost, Delivery, Failure, consume};

const CONSUMER: Consumer = Consumer::projection(
    "register-tenants",
    &[
        EventType::TenantOnboarded,
        EventType::TenantRenamed,
        EventType::TenantTermsChanged,
        EventType::RegistrationChanged,
        EventType::TenantSuspended,
        EventType::TenantResumed,
    ],
)
.costing(&[Cost::when("tenant.onboarded", 2.0, 1.0), Cost::of(2.0, 1.0)]);

fn main() -> ExitCode {
    consume(&CONSUMER, |_| Ok(Register::open()?), register_tenants)
}

async fn register_tenants(register: &'static Register, delivery: Delivery) -> Result<(), Failure> {
    Ok(register.catch_up(&delivery.store).await?)
}
