mod history;
mod lines;
mod scenarios;

use jiff::Timestamp;
use uuid::Uuid;

use super::{Line, Lines, Order, OrderEvent, evolve};
use crate::id::{OrderId, ProductId, UserId};
use crate::money::{Amount, Money, Quantity};
use crate::text::{CancelReason, ProductName};
use crate::{Actor, Stamp};

fn order_id() -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(1))
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn stamp(second: i64) -> Stamp {
    Stamp { at: at(second), by: Actor::User { id: user(8) } }
}

fn line(product: u128, price: u64, currency: &str, quantity: u64) -> Line {
    let product = ProductId::from_uuid(Uuid::from_u128(product));
    let name = ProductName::try_from("Lamp".to_owned()).unwrap();
    let price = Money::new(Amount::try_from(price).unwrap(), currency.parse().unwrap());
    Line::new(product, name, price, Quantity::try_from(quantity).unwrap()).unwrap()
}

fn two_lines() -> Lines {
    Lines::try_from(vec![line(1, 1250, "EUR", 2), line(2, 399, "EUR", 1)]).unwrap()
}

fn reason() -> CancelReason {
    CancelReason::try_from("Ordered twice".to_owned()).unwrap()
}

/// An event, and the stamp of the commit that holds it.
type Stamped = (OrderEvent, Stamp);

fn replay(start: Option<Order>, history: &[Stamped]) -> Option<Order> {
    history.iter().fold(start, |order, (event, stamp)| evolve(order, event, stamp.at))
}
