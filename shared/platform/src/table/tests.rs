//! The table over DynamoDB's protocol, in a local cloud.

use domain::Version;
use domain::id::UserId;
use jiff::{SignedDuration, Timestamp};
use store_world::World;

use super::keys::FACET;
use super::namespace::{catalog::PRODUCTS, orders::ORDERS};
use super::*;
use crate::new_id;
use crate::testing::Table;

fn row(scope: &Scope, partition: &Partition, sort: SortKey) -> Write {
    scope.write(partition, sort, Condition::absent(), Conflict::Exists("row"))
}

#[tokio::test]
async fn a_row_that_looks_like_a_commit_is_refused() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let partition = PRODUCTS.partition();
    let forged = vec![row(&scope, &partition, SortKey::of("a")), row(&scope, &partition, SortKey::of("e#1"))];
    assert!(matches!(scope.commit(forged).await, Err(StoreError::Corrupt(_))));
    let listed = scope.list(&partition, Listing { limit: 10, ..Listing::default() }).await.unwrap();
    assert_eq!(listed.items, [], "nothing of that commit is written");
}

#[tokio::test]
async fn an_operator_s_commit_has_a_row_of_the_operators_audit() {
    let world = World::start(Table::new).await;
    let scope = world.scope().audited();
    let partition = PRODUCTS.partition();
    let unsaid = vec![row(&scope, &partition, SortKey::of("a"))];
    assert!(matches!(scope.commit(unsaid).await, Err(StoreError::Corrupt(_))));
    let listed = scope.list(&partition, Listing { limit: 10, ..Listing::default() }).await.unwrap();
    assert_eq!(listed.items, [], "nothing of that commit is written");
    let classes =
        [AccessClass::OPERATE, AccessClass::ONBOARD, AccessClass::ADMIT, AccessClass::REPLACE_OWNER];
    for class in classes {
        assert!(class.is_of_operators(), "{class}");
    }
    assert!(!AccessClass::IDENTITY.is_of_operators());
}

#[tokio::test]
async fn a_facet_shows_rows_of_its_own_partition_alone() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (products, orders) = (PRODUCTS.partition(), ORDERS.partition());
    let own = row(&scope, &products, SortKey::of("own")).in_facet("active");
    let facet = format!("{}#active", products.key(&scope.tenant));
    let intruder = row(&scope, &orders, SortKey::of("intruder")).own_text(FACET, facet);
    for write in [own, intruder] {
        scope.commit(vec![write]).await.unwrap();
    }
    let listing = Listing { by: By::Facet("active"), limit: 10, ..Listing::default() };
    let shown = scope.list(&products, listing).await.unwrap().items;
    let keys: Vec<SortKey> = shown.iter().map(|row| row.sort_key().unwrap()).collect();
    assert_eq!(keys, [SortKey::of("own")]);
}

#[tokio::test]
async fn a_receipt_answers_the_same_request_for_a_day() {
    // The cloud deletes expired items, so the times are today's.
    let at = Timestamp::now();
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let user = new_id(UserId::from_uuid);
    let request = |body: &[u8]| {
        let key = IdempotencyKey::parse(b"key-1").unwrap();
        IdempotentRequest::new(key, user, "POST /products".to_owned(), "", body)
    };
    let reply = |status| StoredReply { status, headers: [].into(), body: "{}".to_owned() };
    let create = async |status: u16, at: Timestamp| {
        let receipt = Receipt { request: request(b"body"), reply: reply(status) };
        let context = CommandContext { at, traceparent: None, receipt: Some(receipt) };
        let product = row(&scope, &PRODUCTS.partition(), SortKey::of(status));
        scope.commit(vec![product, scope.receipt_of(&context)?.unwrap()]).await
    };
    let look_up = async |body: &[u8], at: Timestamp| scope.look_up(&request(body), at).await.unwrap();
    create(201, at).await.unwrap();
    let refused = create(202, at).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::IdempotencyKey))), "{refused:?}");
    let soon = at + SignedDuration::from_hours(23);
    assert!(
        matches!(look_up(b"body", soon).await, IdempotencyLookup::Replay(stored) if stored == reply(201))
    );
    assert!(matches!(look_up(b"other", soon).await, IdempotencyLookup::Mismatch));
    // The item still exists, as DynamoDB deletes expired items late.
    let late = at + SignedDuration::from_hours(25);
    assert!(matches!(look_up(b"body", late).await, IdempotencyLookup::New));
    create(203, late).await.unwrap();
    assert!(
        matches!(look_up(b"body", late).await, IdempotencyLookup::Replay(stored) if stored == reply(203))
    );
}

#[tokio::test]
async fn a_state_is_replaced_at_the_version_that_was_read_alone() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let partition = PRODUCTS.partition();
    let commit = async |expected: Version| {
        let state = (expected.next(), &"state");
        let condition = Condition::expects(expected);
        let write = scope.write_state(&partition, SortKey::SINGLE, condition, Conflict::Version, state);
        scope.commit(vec![write.unwrap()]).await
    };
    commit(Version::NONE).await.unwrap();
    commit(Version::FIRST).await.unwrap();
    for stale in [Version::NONE, Version::FIRST] {
        assert!(matches!(commit(stale).await, Err(StoreError::Conflict(Conflict::Version))));
    }
}

#[tokio::test]
async fn a_scope_commits_its_own_writes_alone() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let write = row(&scope, &PRODUCTS.partition(), SortKey::of("a"));
    assert!(matches!(other.commit(vec![write.clone()]).await, Err(StoreError::Corrupt(_))));
    scope.commit(vec![write]).await.unwrap();
}
