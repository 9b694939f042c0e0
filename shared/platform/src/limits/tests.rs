//! Counting in a local cloud's table.

use store_world::World;

use super::*;
use crate::new_id;
use crate::runtime::leak;
use crate::table::namespace::catalog::PRODUCTS;
use crate::table::{Condition, Conflict, Listing, Scope, SortKey, StoreError};
use crate::testing::Table;

fn usage_table() -> &'static Limits {
    leak(Limits::new("terrace-UsageTable".to_owned()))
}

fn at(second: i64) -> Timestamp {
    Timestamp::now() + Duration::from_secs(second.unsigned_abs())
}

fn arrival(scope: &Scope, requests: u64, at: Timestamp) -> Arrival {
    Arrival { tenant: scope.tenant(), limit: RequestLimit::try_from(requests).unwrap(), at }
}

#[tokio::test]
async fn a_tenant_gets_its_limit_and_all_of_it_again_in_the_next_window() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let decide =
        async |limits, scope: &Scope, at| scope.admit(limits, arrival(scope, 3, at)).decision().await;
    let (one, another) = (usage_table(), usage_table());
    let now = at(0);
    for used in 1..=3 {
        let limits = if used % 2 == 0 { one } else { another };
        assert_eq!(decide(limits, &scope, now).await.map(|usage| usage.used), Ok(used));
    }
    for limits in [one, another, one] {
        let refused = decide(limits, &scope, now).await.unwrap_err();
        assert!(refused.remaining() == 0 && (1..=10).contains(&refused.ends_in), "{refused:?}");
    }
    assert!(decide(one, &other, now).await.is_ok(), "another tenant has a window of its own");
    assert_eq!(decide(one, &scope, at(10)).await.map(|usage| usage.used), Ok(1));
}

#[tokio::test]
async fn a_write_waits_until_the_request_is_admitted_and_is_refused_with_it() {
    let world = World::start(Table::new).await;
    let limits = usage_table();
    let (tenant, now) = (world.scope().tenant(), at(0));
    let write = async || {
        let scope = world.scope_of(tenant);
        let admission = scope.admit(limits, arrival(&scope, 1, now));
        let scope = scope.limited_by(Some(admission.clone()));
        assert_eq!(admission.usage(), None, "nobody has asked yet");
        let row = scope.write(
            &PRODUCTS.partition(),
            SortKey::of(new_id(domain::id::ProductId::from_uuid)),
            Condition::absent(),
            Conflict::Exists("row"),
        );
        let outcome = scope.commit(vec![row]).await;
        assert!(admission.usage().is_some(), "the commit has asked");
        outcome
    };
    assert_eq!(write().await.map_err(|error| error.to_string()), Ok(()));
    assert!(matches!(write().await, Err(StoreError::OverLimit(_))));
    let scope = world.scope_of(tenant);
    let listed =
        scope.list(&PRODUCTS.partition(), Listing { limit: 10, ..Listing::default() }).await.unwrap();
    assert_eq!(listed.items.len(), 1);
}

#[tokio::test]
async fn requests_are_admitted_while_they_cannot_be_counted() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    world.fail("UpdateItem", "T#");
    for _ in 0..3 {
        let decision = scope.admit(usage_table(), arrival(&scope, 1, at(0))).decision().await;
        assert_eq!(decision.map(|usage| usage.used), Ok(0));
    }
}
