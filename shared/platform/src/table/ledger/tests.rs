use store_world::World;

use super::*;
use crate::metering::metered;
use crate::new_id;
use crate::testing::Table;

fn hour(text: &str) -> Hour {
    text.parse().unwrap()
}

fn used(requests: u64) -> Usage {
    Usage { requests, read_milliunits: 500, megabyte_us: 256_000, ..Usage::default() }
}

fn new_tenant() -> TenantId {
    new_id(TenantId::from_uuid)
}

#[tokio::test]
async fn a_batch_counts_once_and_what_it_consumes_is_the_platform_s() {
    let world = World::start(Table::new).await;
    let ledger = world.ledger("terrace-MeteringTable");
    let (acme, globex) = (new_tenant(), new_tenant());
    let (three, four) = (hour("2026-11-28T03"), hour("2026-11-28T04"));
    let batch: Used = [
        ((three, Some(acme)), used(2)),
        ((four, Some(acme)), used(3)),
        ((four, Some(globex)), used(1)),
        ((three, None), used(7)),
    ]
    .into();
    let mut consumed = 0.0;
    for is_new in [true, false, false] {
        let (added, metered) = metered(ledger.add("one", &batch, Timestamp::now())).await;
        assert_eq!(added.unwrap(), is_new);
        consumed += metered.units.write;
    }
    let day = ledger.of_day(three.day()).await.unwrap();
    let of = |tenant| day.tenants.iter().find(|(id, _)| *id == tenant).unwrap().1;
    assert_eq!((of(acme), of(globex)), (used(2) + used(3), used(1)));
    let own = Usage { write_milliunits: 1_000 * consumed as u64, ..used(7) };
    assert_eq!((day.platform, day.is_complete), (own, true));
    assert_eq!(
        consumed, 18.0,
        "the mark, three hours and two days of tenants, two hours and a day of the platform"
    );
    ledger.add("two", &batch, Timestamp::now()).await.unwrap();
    let day = ledger.of_day(three.day()).await.unwrap();
    assert!(day.tenants.contains(&(globex, used(1) + used(1))));
}

/// A transaction has 100 items at most.
#[tokio::test]
async fn a_batch_of_many_tenants_is_added_in_parts_of_which_each_counts_once() {
    let world = World::start(Table::new).await;
    let ledger = world.ledger("terrace-MeteringTable");
    let now = hour("2026-11-28T03");
    let mut batch: Used = (0..150).map(|_| ((now, Some(new_tenant())), used(1))).collect();
    batch.insert((now, None), used(5));
    assert_eq!(parts(&batch, now).iter().map(BTreeMap::len).collect::<Vec<_>>(), [99, 99, 99, 11]);
    world.fail_times("TransactWriteItems", "platform#usage", 3);
    let mut consumed = 0.0;
    while {
        let (added, metered) = metered(ledger.add("many", &batch, Timestamp::now())).await;
        consumed += metered.units.write;
        added.is_err()
    } {}
    let day = ledger.of_day(now.day()).await.unwrap();
    assert_eq!(day.tenants.len(), 150);
    assert!(day.tenants.iter().all(|(_, usage)| *usage == used(1)));
    assert_eq!(day.platform, Usage { write_milliunits: 1_000 * consumed as u64, ..used(5) });
}

#[tokio::test]
async fn a_batch_of_nothing_writes_nothing() {
    let world = World::start(Table::new).await;
    let mark = world.mark();
    assert!(!world.ledger("terrace-MeteringTable").add("one", &Used::new(), Timestamp::now()).await.unwrap());
    assert!(world.since(mark).is_empty());
}
