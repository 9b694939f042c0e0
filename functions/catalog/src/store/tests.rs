use domain::id::UserId;
use domain::product::Product;
use domain::{Actor, Stamp};
use jiff::Timestamp;
use platform::new_id;
use platform::testing::{Table, context};
use store_world::World;

use super::*;

fn product() -> Decided<Product> {
    let price = serde_json::from_str(r#"{"amount":1250,"currency":"EUR"}"#).unwrap();
    let stamp = Stamp { at: Timestamp::UNIX_EPOCH, by: Actor::User { id: new_id(UserId::from_uuid) } };
    let name = "Anvil".to_owned().try_into().unwrap();
    Decided::first(Product::create(new_id(ProductId::from_uuid), name, price, stamp))
}

#[tokio::test]
async fn products_are_read_in_batches_beyond_dynamodb_s_limit() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let created: Vec<Decided<Product>> = (0..130).map(|_| product()).collect();
    for decided in &created {
        products(&scope).commit(decided, &context(Timestamp::UNIX_EPOCH)).await.unwrap();
    }
    let mut ids: Vec<ProductId> = created.iter().map(|decided| decided.next.value.id).collect();
    ids.extend([ids[0], new_id(ProductId::from_uuid)]);
    let found = products(&scope).get_all(&ids).await.unwrap();
    assert_eq!(found.len(), created.len());
    assert!(created.iter().all(|decided| found[&decided.next.value.id] == decided.next.value));
}
