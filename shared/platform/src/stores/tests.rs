//! The stores over the real protocol, in a cloud of their own.

mod inbox;
mod orders;
mod world;

use domain::id::{OrderId, ProductId, UserId};
use domain::order::{Command, Line, Lines};
use domain::product::Product;
use jiff::{SignedDuration, Timestamp};

use crate::events::Actor;
use crate::new_id;
use crate::stores::{
    CommandContext, Conflict, Decision, Earlier, IdempotencyKey, IdempotentRequest, LoadedOrder, Receipt,
    StoreError, StoredReply, Version, decide_order,
};
use world::World;

fn context(at: Timestamp) -> CommandContext {
    CommandContext { actor: Actor::Operator, at, traceparent: None, receipt: None }
}

fn at() -> Timestamp {
    "2026-03-04T05:06:07.089Z".parse().unwrap()
}

fn product() -> Product {
    let price = serde_json::from_str(r#"{"amount":1250,"currency":"EUR"}"#).unwrap();
    Product::new(new_id(ProductId::from_uuid), "Anvil".to_owned().try_into().unwrap(), price, at())
}

fn placed(id: OrderId) -> Decision {
    let product = product();
    let quantity = serde_json::from_str("2").unwrap();
    let line = Line::new(product.id, product.name, product.price, quantity).unwrap();
    let place = |at| Command::Place {
        order: id,
        customer: new_id(UserId::from_uuid),
        lines: Lines::try_from(vec![line]).unwrap(),
        at,
    };
    decide_order(None, at(), place).unwrap()
}

fn confirmed(order: LoadedOrder) -> Decision {
    confirmed_at(order, at())
}

fn confirmed_at(order: LoadedOrder, now: Timestamp) -> Decision {
    let confirm = |at| Command::Confirm { by: new_id(UserId::from_uuid), at };
    decide_order(Some(order), now, confirm).unwrap()
}

#[tokio::test]
async fn an_order_comes_back_as_it_was_decided_and_only_to_its_tenant() {
    let world = World::start().await;
    let (scope, other) = (world.scope(), world.scope());
    let id = new_id(OrderId::from_uuid);
    let placed = placed(id);
    scope.orders().append(&placed, context(at())).await.unwrap();
    let confirmed = confirmed(placed.next.clone());
    scope.orders().append(&confirmed, context(at())).await.unwrap();
    assert_eq!(scope.orders().load(id).await.unwrap(), Some(confirmed.next));
    assert_eq!(other.orders().load(id).await.unwrap(), None);
}

#[tokio::test]
async fn of_two_decisions_on_one_version_the_second_is_refused() {
    let world = World::start().await;
    let scope = world.scope();
    let placed = placed(new_id(OrderId::from_uuid));
    scope.orders().append(&placed, context(at())).await.unwrap();
    let (first, second) = (confirmed(placed.next.clone()), confirmed(placed.next.clone()));
    scope.orders().append(&first, context(at())).await.unwrap();
    let refused = scope.orders().append(&second, context(at())).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Version))));
}

#[tokio::test]
async fn a_long_history_is_loaded_from_its_snapshot() {
    let world = World::start().await;
    let scope = world.scope();
    let id = new_id(OrderId::from_uuid);
    let mut decision = placed(id);
    scope.orders().append(&decision, context(at())).await.unwrap();
    let confirmation = confirmed(decision.next.clone());
    for number in 2..=120 {
        // More of the same event changes nothing, but makes the history long.
        let next =
            LoadedOrder { version: Version::from_number(number).unwrap(), ..confirmation.next.clone() };
        decision = Decision { next, events: confirmation.events.clone() };
        scope.orders().append(&decision, context(at())).await.unwrap();
    }
    let mark = world.mark();
    assert_eq!(scope.orders().load(id).await.unwrap(), Some(decision.next));
    let queries = world.since(mark);
    assert_eq!(queries.len(), 1, "one Query reads back to a snapshot: {queries:?}");
}

#[tokio::test]
async fn an_older_row_never_replaces_a_newer_one() {
    let world = World::start().await;
    let scope = world.scope();
    let placed = placed(new_id(OrderId::from_uuid));
    let confirmed = confirmed(placed.next.clone());
    for state in [&confirmed.next, &placed.next, &confirmed.next] {
        scope.order_lists().show(state).await.unwrap();
    }
    let customer = placed.next.order.customer();
    for customer in [None, Some(customer)] {
        let rows = scope.order_lists().list(customer, None, None, 10).await.unwrap().items;
        assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [2]);
    }
}

#[tokio::test]
async fn products_are_read_in_batches_beyond_dynamodb_s_limit() {
    let world = World::start().await;
    let scope = world.scope();
    let products: Vec<Product> = (0..130).map(|_| product()).collect();
    for product in &products {
        scope.products().create(product, &context(at())).await.unwrap();
    }
    let mut ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
    ids.extend([ids[0], new_id(ProductId::from_uuid)]);
    let found = scope.products().get_all(&ids).await.unwrap();
    assert_eq!(found.len(), products.len());
    assert!(products.iter().all(|product| found[&product.id] == *product));
}

#[tokio::test]
async fn a_receipt_answers_the_same_request_for_a_day() {
    // Expired items are swept away, so this one happens today.
    let at = Timestamp::now();
    let world = World::start().await;
    let scope = world.scope();
    let user = new_id(UserId::from_uuid);
    let request = |body: &[u8]| {
        let key = IdempotencyKey::parse(b"key-1").unwrap();
        IdempotentRequest::new(key, user, "POST /products".to_owned(), "", body)
    };
    let reply = |status| StoredReply { status, headers: [].into(), body: "{}".to_owned() };
    let create = async |status: u16, at: Timestamp| {
        let receipt = Receipt { request: request(b"body"), reply: reply(status) };
        let context = CommandContext { receipt: Some(receipt), ..context(at) };
        scope.products().create(&product(), &context).await
    };
    create(201, at).await.unwrap();
    let refused = create(202, at).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::IdempotencyKey))), "{refused:?}");
    let soon = at + SignedDuration::from_hours(23);
    assert!(
        matches!(scope.earlier(&request(b"body"), soon).await.unwrap(), Earlier::SameRequest(earlier) if earlier == reply(201))
    );
    assert!(matches!(scope.earlier(&request(b"other"), soon).await.unwrap(), Earlier::OtherRequest));
    // The item is still there: DynamoDB deletes what has expired when it gets to it.
    let late = at + SignedDuration::from_hours(25);
    assert!(matches!(scope.earlier(&request(b"body"), late).await.unwrap(), Earlier::None));
    create(203, late).await.unwrap();
    assert!(
        matches!(scope.earlier(&request(b"body"), late).await.unwrap(), Earlier::SameRequest(earlier) if earlier == reply(203))
    );
}
