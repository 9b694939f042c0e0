use std::process::ExitCode;

use domain::event::{Aggregate, EventType};
use platform::events::{Consumer, Cost, Delivery, Failure, consume};

const CONSUMER: Consumer = Consumer::projection(
    "project-orders",
    &[
        EventType::OrderPlaced,
        EventType::LineAdded,
        EventType::LineRemoved,
        EventType::OrderConfirmed,
        EventType::OrderCancelled,
    ],
)
.costing(&[
    Cost::when("order.placed", 1.5, 4.0),
    Cost::when("order.lineAdded", 1.5, 4.0),
    Cost::when("order.lineRemoved", 1.5, 4.0),
    Cost::when("order.confirmed", 1.5, 6.0),
    Cost::when("order.cancelled", 1.5, 6.0),
]);

fn main() -> ExitCode {
    consume(&CONSUMER, |_| Ok(()), project_orders)
}

async fn project_orders(_: &'static (), delivery: Delivery) -> Result<(), Failure> {
    let Aggregate::Order(id) = delivery.logged.aggregate else {
        return Err(Failure::Permanent("the event is not about an order".to_owned()));
    };
    orders::project(&delivery.store, id).await
}
