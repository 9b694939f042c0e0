use std::process::ExitCode;

use domain::event::Aggregate;
use platform::events::{Delivery, Failure, consume};

fn main() -> ExitCode {
    consume(|_| Ok(()), project_orders)
}

async fn project_orders(_: &'static (), delivery: Delivery) -> Result<(), Failure> {
    let Aggregate::Order(id) = delivery.envelope.aggregate else {
        return Err(Failure::Permanent("the event is not about an order".to_owned()));
    };
    orders::project(&delivery.store, id).await
}
