//! Against a local cloud's tables, which meter as well.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};
use store_world::World;

use super::*;
use crate::metering::metered;
use crate::table::namespace::catalog::PRODUCTS;
use crate::table::{Condition, Conflict, Listing, Scope, SortKey, StoreError, Write};
use crate::testing::Table;

fn write(scope: &Scope, key: &'static str) -> Write {
    scope.write(&PRODUCTS.partition(), SortKey::word(key), Condition::absent(), Conflict::Exists("row"))
}

/// Reads and writes by every operation that is metered, and fails once.
async fn work(scope: &Scope) -> Result<(), StoreError> {
    let products = PRODUCTS.partition();
    scope.commit(vec![write(scope, "a")]).await?;
    let check = write(scope, "d").check();
    scope.commit(vec![write(scope, "b"), write(scope, "c"), check]).await?;
    assert!(matches!(scope.commit(vec![write(scope, "a")]).await, Err(StoreError::Conflict(_))));
    scope.get(&products, &SortKey::word("a")).await?;
    scope.get_eventually(&products, &SortKey::word("a")).await?;
    scope.get_all(&products, ["a", "b", "c"].map(SortKey::word)).await?;
    scope.list(&products, Listing { limit: 10, ..Listing::default() }).await.map(drop)
}

#[tokio::test]
async fn what_is_metered_is_what_the_tables_meter() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let mark = world.mark();
    let (outcome, metered) = metered(work(&scope)).await;
    outcome.unwrap();
    let consumed = world.since(mark);
    assert_eq!(metered.units.read, consumed.iter().map(|call| call.read_units).sum::<f64>());
    assert_eq!(metered.units.write, consumed.iter().map(|call| call.write_units).sum::<f64>());
    assert_eq!(metered.units, Units { read: 5.0, write: 7.0 });
}

/// An operation that is not known here would be free.
#[tokio::test]
async fn an_operation_that_is_not_metered_is_not_sent() {
    let world = World::start(Table::new).await;
    let (client, table) = world.client();
    let mark = world.mark();
    let key = || ["pk", "sk"].map(|name| (name.to_owned(), AttributeValue::S("a".to_owned())));
    let refused = client.delete_item().table_name(table).set_key(Some(key().into())).send().await;
    assert!(format!("{refused:?}").contains("not metered"), "{refused:?}");
    assert!(world.since(mark).is_empty());
    // As a part of a transaction it is metered.
    let delete = Delete::builder().table_name(table).set_key(Some(key().into())).build().unwrap();
    let deletes = TransactWriteItem::builder().delete(delete).build();
    let (done, metered) = metered(client.transact_write_items().transact_items(deletes).send()).await;
    done.unwrap();
    assert_eq!(metered.units, Units::writes(2.0));
}
