use domain::id::UserId;
use domain::product::{Command, Product};
use domain::tier::QuotaReached;
use domain::{Actor, Stamp};
use jiff::Timestamp;
use platform::new_id;
use platform::table::Conflict;
use platform::testing::{Table, context, known};
use store_world::World;

use super::*;

fn product() -> Decided<Product> {
    let price = serde_json::from_str(r#"{"amount":1250,"currency":"EUR"}"#).unwrap();
    let name = "Anvil".to_owned().try_into().unwrap();
    Decided::first(Product::create(new_id(ProductId::from_uuid), name, price, stamp()))
}

fn stamp() -> Stamp {
    Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::User { id: new_id(UserId::from_uuid) } }
}

#[tokio::test]
async fn products_are_read_in_batches_beyond_dynamodb_s_limit() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let created: Vec<Decided<Product>> = (0..130).map(|_| product()).collect();
    for decided in &created {
        products(&scope).create(decided, ProductQuota::MOST, &context(Timestamp::UNIX_EPOCH)).await.unwrap();
    }
    let mut ids: Vec<ProductId> = created.iter().map(|decided| decided.next.value.id).collect();
    ids.extend([ids[0], new_id(ProductId::from_uuid)]);
    let found = products(&scope).get_all(&ids).await.unwrap();
    assert_eq!(found.len(), created.len());
    assert!(created.iter().all(|decided| found[&decided.next.value.id] == decided.next.value));
}

#[tokio::test]
async fn the_count_of_products_follows_them_and_is_the_tenant_s_own() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let (most, context) = (ProductQuota::try_from(2).unwrap(), context(Timestamp::UNIX_EPOCH));
    let create = async |scope: &Scope, decided: &Decided<Product>| {
        products(scope).create(decided, most, &context).await.map_err(|error| error.to_string())
    };
    let (first, second, third) = (product(), product(), product());
    // Two at the same moment have one place left.
    create(&scope, &first).await.unwrap();
    let both = tokio::join!(create(&scope, &second), create(&scope, &third));
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
    let refused = products(&scope).create(&product(), most, &context).await;
    let reached = Conflict::QuotaReached(QuotaReached::Products(most));
    assert!(matches!(refused, Err(StoreError::Conflict(was)) if was == reached), "{refused:?}");
    create(&other, &product()).await.unwrap();

    let retire = known(first.next.clone()).decide(|first| first.decide(Command::Retire, stamp()));
    products(&scope).commit(&retire.unwrap(), &context).await.unwrap();
    create(&scope, &product()).await.unwrap();
    create(&scope, &product()).await.unwrap_err();
}
