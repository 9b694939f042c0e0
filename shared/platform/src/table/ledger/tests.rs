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

#[tokio::test]
async fn rows_that_are_not_closed_come_by_the_page_without_the_platform_s() {
    let world = World::start(Table::new).await;
    let ledger = world.ledger("terrace-MeteringTable");
    let now = hour("2026-11-28T03");
    let tenants: Vec<TenantId> = (0..5).map(|_| new_tenant()).collect();
    let mut batch: Used = tenants.iter().map(|tenant| ((now, Some(*tenant)), used(1))).collect();
    batch.insert((now, None), used(5));
    ledger.add("one", &batch, Timestamp::now()).await.unwrap();
    let unclosed = async || {
        let (mut found, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = ledger.unclosed(now.day(), cursor, 2).await.unwrap();
            assert!(page.items.len() <= 2);
            found.extend(page.items);
            (cursor, pages) = (page.next_cursor, pages + 1);
            if cursor.is_none() {
                return (found, pages);
            }
        }
    };
    let (found, pages) = unclosed().await;
    assert_eq!(found.iter().map(Unclosed::tenant).collect::<Vec<_>>(), tenants);
    assert!(pages >= 3 && found.iter().all(|row| *row.usage() == used(1)), "{found:?}");
    let (closed, consumed) = metered(ledger.mark_closed(&found[1], Timestamp::now())).await;
    closed.unwrap();
    assert_eq!((consumed.units.read, consumed.units.write), (0.0, 1.0));
    // What comes later is added, and does not open the row again.
    ledger.add("two", &[((now, Some(tenants[1])), used(1))].into(), Timestamp::now()).await.unwrap();
    let left = unclosed().await.0;
    assert_eq!(
        left.iter().map(Unclosed::tenant).collect::<Vec<_>>(),
        [tenants[0], tenants[2], tenants[3], tenants[4]]
    );
    let missing = Unclosed { tenant: new_tenant(), ..found[0] };
    assert!(ledger.mark_closed(&missing, Timestamp::now()).await.is_err(), "no row is made of a mark");
}
