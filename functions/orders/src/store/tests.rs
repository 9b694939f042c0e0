//! Orders over DynamoDB's protocol: appending, loading and listing.

mod history;

use domain::id::{ProductId, UserId};
use domain::money::Quantity;
use domain::order::{Command, Line, Lines};
use domain::text::ProductName;
use domain::{Actor, Stamp};
use platform::new_id;
use platform::table::namespace::orders::{ORDERS, ORDERS_OF};
use platform::table::{Conflict, Known, SortKey};
use platform::testing::{Table, context, known};
use store_world::World;

use super::*;

pub(super) fn at() -> Timestamp {
    "2026-03-04T05:06:07.089Z".parse().unwrap()
}

pub(super) fn stamp(at: Timestamp) -> Stamp {
    Stamp { at, by: Actor::User { id: new_id(UserId::from_uuid) } }
}

pub(super) fn line() -> Line {
    let price = serde_json::from_str(r#"{"amount":1250,"currency":"EUR"}"#).unwrap();
    let name = ProductName::try_from("Anvil".to_owned()).unwrap();
    Line::new(new_id(ProductId::from_uuid), name, price, Quantity::try_from(2).unwrap()).unwrap()
}

pub(crate) fn one_line() -> Lines {
    Lines::try_from(vec![line()]).unwrap()
}

pub(super) fn placed(id: OrderId) -> Decided<Order, OrderEvent> {
    Decided::first(Order::place(id, new_id(UserId::from_uuid), one_line(), stamp(at())))
}

pub(super) fn confirmed(order: Versioned<Order>, now: Timestamp) -> Decided<Order, OrderEvent> {
    known(order).decide(|order| order.decide(Command::Confirm, stamp(now))).unwrap()
}

pub(super) async fn append(scope: &Scope, decided: &Decided<Order, OrderEvent>) -> Result<(), StoreError> {
    super::append(scope, decided, &context(decided.stamp().at)).await
}

#[tokio::test]
async fn an_order_comes_back_as_it_was_decided_and_only_to_its_tenant() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let id = new_id(OrderId::from_uuid);
    let placed = placed(id);
    append(&scope, &placed).await.unwrap();
    let confirmed = confirmed(placed.next.clone(), at());
    append(&scope, &confirmed).await.unwrap();
    assert_eq!(load(&scope, id, AsOf::Now).await.unwrap(), Some(confirmed.next));
    assert_eq!(load(&other, id, AsOf::Now).await.unwrap(), None);
}

#[tokio::test]
async fn of_two_decisions_on_one_version_the_second_is_refused() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let placed = placed(new_id(OrderId::from_uuid));
    append(&scope, &placed).await.unwrap();
    let (first, second) = (confirmed(placed.next.clone(), at()), confirmed(placed.next.clone(), at()));
    append(&scope, &first).await.unwrap();
    let refused = append(&scope, &second).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Version))));
}

#[tokio::test]
async fn an_older_row_never_replaces_a_newer_one() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let placed = placed(new_id(OrderId::from_uuid));
    let confirmed = confirmed(placed.next.clone(), at());
    for state in [&placed.next, &confirmed.next, &placed.next] {
        upsert_rows(&scope, state).await.unwrap();
    }
    let customer = placed.next.value.customer;
    for partition in [ORDERS.partition(), ORDERS_OF.of(customer)] {
        let row = scope.get(&partition, &SortKey::of(placed.next.value.id)).await.unwrap().unwrap();
        let stored = row.state::<serde_json::Value>().unwrap();
        assert_eq!((stored.version, &stored.value["status"]), (confirmed.next.version, &"confirmed".into()));
    }
    for customer in [None, Some(customer)] {
        let rows = list(&scope, customer, None, None, 10).await.unwrap().items;
        assert_eq!(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>(), ["confirmed"]);
    }
}
