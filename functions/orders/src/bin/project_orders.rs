use std::process::ExitCode;

use platform::events::{Aggregate, Delivery, Failure, consume};

fn main() -> ExitCode {
    consume(|_| Ok(()), project_orders)
}

/// The message is a hint: the row is made from the order's commits as they are now.
async fn project_orders(_: &'static (), delivery: Delivery) -> Result<(), Failure> {
    let Aggregate::Order(id) = delivery.envelope.aggregate else {
        return Err(Failure::Permanent("the event is not about an order".to_owned()));
    };
    let loaded = delivery.store.orders().load(id).await?;
    let loaded = loaded.ok_or_else(|| Failure::Permanent(format!("there is no order {id}")))?;
    Ok(delivery.store.order_lists().show(&loaded).await?)
}
