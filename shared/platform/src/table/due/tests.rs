use store_world::World;

use super::*;
use crate::metering::metered;
use crate::new_id;
use crate::testing::Table;

const DUE: &str = "terrace-DueTable";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn item(message: &str) -> DueItem {
    DueItem {
        consumer: "notify".to_owned(),
        tenant: new_id(TenantId::from_uuid),
        event: new_id(EventId::from_uuid),
        message: message.to_owned(),
    }
}

async fn in_minute(ledger: &DueLedger, minute: Minute) -> Vec<DueItem> {
    ledger.page(&Position::at(minute), 100).await.unwrap().items
}

/// Never early, and never in a minute that may be read already.
#[tokio::test]
async fn an_item_stands_in_the_next_minute_that_begins_at_its_time_or_later() {
    let world = World::start(Table::new).await;
    let ledger = DueLedger::new(world.shared(), DUE.to_owned());
    let now = at("2126-11-28T13:00:00Z");
    for (due, minute) in [
        ("2126-11-28T14:00:00Z", "2126-11-28T14:00Z"),
        ("2126-11-28T14:00:00.000000001Z", "2126-11-28T14:01Z"),
        ("2126-11-28T14:00:59.9Z", "2126-11-28T14:01Z"),
        ("2128-02-29T23:59:30Z", "2128-03-01T00:00Z"),
        ("2126-11-28T13:00:01Z", "2126-11-28T13:01Z"),
        ("2126-11-27T00:00:00Z", "2126-11-28T13:01Z"),
    ] {
        let item = item(due);
        ledger.put(&item, at(due), now).await.unwrap();
        let minute = Minute::of(at(&minute.replace('Z', ":00Z")));
        assert!(in_minute(&ledger, minute).await.contains(&item), "{due}: {minute}");
    }
    // Ten seconds before a minute, that minute is too near.
    for (now, minute) in [("2126-11-28T15:00:50Z", "15:01"), ("2126-11-28T15:00:51Z", "15:02")] {
        let item = item(now);
        ledger.put(&item, at(now), at(now)).await.unwrap();
        let minute = Minute::of(at(&format!("2126-11-28T{minute}:00Z")));
        assert!(in_minute(&ledger, minute).await.contains(&item), "{now}: {minute}");
    }
}

#[tokio::test]
async fn an_item_that_is_put_again_is_one_item_and_costs_a_unit() {
    let world = World::start(Table::new).await;
    let ledger = DueLedger::new(world.shared(), DUE.to_owned());
    let (now, due) = (at("2126-11-28T13:00:00Z"), at("2126-11-28T14:00:00Z"));
    let item = item(&"x".repeat(600));
    for _ in 0..2 {
        let (put, metered) = metered(ledger.put(&item, due, now)).await;
        put.unwrap();
        assert_eq!(metered.units.write, 1.0);
    }
    assert_eq!(in_minute(&ledger, Minute::of(due)).await, [item]);
}

#[tokio::test]
async fn a_minute_comes_by_the_page_and_what_cannot_be_read_is_left_out() {
    let world = World::start(Table::new).await;
    let ledger = DueLedger::new(world.shared(), DUE.to_owned());
    let (now, due) = (at("2126-11-28T13:00:00Z"), at("2126-11-28T14:00:00Z"));
    let minute = Minute::of(due);
    let items: Vec<DueItem> = (0..5).map(|number| item(&number.to_string())).collect();
    for item in &items {
        ledger.put(item, due, now).await.unwrap();
    }
    let broken = ledger.write(minute.key(), &SortKey::word("~"), Condition::always());
    commit(&ledger.client, vec![broken]).await.unwrap();
    let (mut found, mut position, mut pages) = (Vec::new(), Position::at(minute), 0);
    while position.minute == minute {
        let page = ledger.page(&position, 2).await.unwrap();
        found.extend(page.items);
        // As it is stored.
        position = serde_json::from_str(&serde_json::to_string(&page.next).unwrap()).unwrap();
        assert_eq!(position, page.next);
        pages += 1;
    }
    assert_eq!((found, position), (items, Position::at(minute.next())), "{pages} pages");
    assert!(pages >= 3);
}

#[tokio::test]
async fn the_position_moves_on_from_the_version_that_was_read_alone() {
    let world = World::start(Table::new).await;
    let ledger = DueLedger::new(world.shared(), DUE.to_owned());
    let [one, two, three] =
        [1, 2, 3].map(|hour| Position::at(Minute::of(at(&format!("2126-11-28T0{hour}:00:00Z")))));
    assert!(ledger.position().await.unwrap().is_none());
    let first = ledger.advance(Version::NONE, &one).await.unwrap();
    assert!(matches!(
        ledger.advance(Version::NONE, &two).await,
        Err(StoreError::Conflict(Conflict::Version))
    ));
    let second = ledger.advance(first, &two).await.unwrap();
    assert!(matches!(ledger.advance(first, &three).await, Err(StoreError::Conflict(Conflict::Version))));
    assert_eq!(ledger.position().await.unwrap(), Some(Versioned { version: second, value: two }));
}
