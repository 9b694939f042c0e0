use domain::event::StoredEvent;
use domain::id::{EventId, ProductId};
use domain::order::evolve;
use jiff::SignedDuration;
use platform::new_id;
use serde_json::json;

use super::*;

fn line(name: &str, amount: u64) -> Line {
    let price = serde_json::from_value(json!({ "amount": amount, "currency": "EUR" })).unwrap();
    let quantity = serde_json::from_str("3").unwrap();
    Line::new(new_id(ProductId::from_uuid), name.to_owned().try_into().unwrap(), price, quantity).unwrap()
}

/// The order after these events, which happened a second apart.
fn replay(events: &[OrderEvent], first: Timestamp) -> Order {
    fold(None, events, first).unwrap()
}

fn fold(start: Option<Order>, events: &[OrderEvent], first: Timestamp) -> Option<Order> {
    let times = (0..).map(|second| first + SignedDuration::from_secs(second));
    events.iter().zip(times).fold(start, |order, (event, at)| evolve(order, event, at))
}

fn life_of(id: OrderId, user: UserId) -> Vec<OrderEvent> {
    let (anvil, magnet) = (line("Anvil", 1250), line("Magnet", 99));
    vec![
        OrderEvent::Placed {
            order: id,
            customer: user,
            lines: Lines::try_from(vec![anvil.clone()]).unwrap(),
        },
        OrderEvent::LineAdded { line: magnet },
        OrderEvent::LineRemoved { product: anvil.product() },
        OrderEvent::Confirmed,
        OrderEvent::Cancelled { reason: CancelReason::try_from("Ordered twice".to_owned()).unwrap() },
    ]
}

#[test]
fn snapshot_and_tail_equal_the_whole_replay_at_every_cut() {
    let (id, user) = (new_id(OrderId::from_uuid), new_id(UserId::from_uuid));
    let first = Timestamp::UNIX_EPOCH;
    let events = life_of(id, user);
    let whole = replay(&events, first);
    for cut in 1..=events.len() {
        let (head, tail) = events.split_at(cut);
        let before = replay(head, first);
        let start = Some(read_snapshot(id, &snapshot(&before).unwrap(), before.changed_at).unwrap());
        assert_eq!(start.as_ref(), Some(&before), "the snapshot at {cut}");
        let next = SignedDuration::from_secs(i64::try_from(cut).unwrap());
        let tail = fold(start, tail, first + next);
        assert_eq!(tail, Some(whole.clone()));
    }
}

#[test]
fn events_and_snapshots_come_back_as_they_were() {
    let (id, user) = (new_id(OrderId::from_uuid), new_id(UserId::from_uuid));
    let at: Timestamp = "2026-03-04T05:06:07.089Z".parse().unwrap();
    let events = life_of(id, user);
    for (count, domain_event) in (1..).zip(&events) {
        let order = replay(&events[..count], at);
        let published = event(domain_event, &order, &Actor::User { id: user });
        let stored = StoredEvent::new(new_id(EventId::from_uuid), &published).unwrap();
        assert_eq!(read_events(vec![stored.event().unwrap()]).unwrap(), std::slice::from_ref(domain_event));
        assert_eq!(read_snapshot(id, &snapshot(&order).unwrap(), order.changed_at).unwrap(), order);
    }
}

#[test]
fn published_events_of_lines_have_the_new_total() {
    let (id, user) = (new_id(OrderId::from_uuid), new_id(UserId::from_uuid));
    let (at, by) = (Timestamp::UNIX_EPOCH, Actor::User { id: user });
    let (anvil, magnet) = (line("Anvil", 1250), line("Magnet", 99));
    let lines = Lines::try_from(vec![anvil.clone()]).unwrap();
    let events = [
        OrderEvent::Placed { order: id, customer: user, lines },
        OrderEvent::LineAdded { line: magnet },
        OrderEvent::LineRemoved { product: anvil.product() },
    ];
    let total = |count: usize| match event(&events[count - 1], &replay(&events[..count], at), &by) {
        Event::OrderPlaced(OrderPlaced { total, .. })
        | Event::LineAdded(LineAdded { total, .. })
        | Event::LineRemoved(LineRemoved { total, .. }) => total.amount().get(),
        other => panic!("{other:?} has no total"),
    };
    assert_eq!([1, 2, 3].map(total), [3750, 4047, 297]);
}

/// Older snapshots, from before orders could be cancelled, have no cancellation.
#[test]
fn a_snapshot_without_a_cancellation_is_read() {
    let (id, user) = (new_id(OrderId::from_uuid), new_id(UserId::from_uuid));
    let text = json!({
        "customer": user, "placedAt": "2026-03-04T05:06:07.089Z",
        "lines": [{
            "product": new_id(ProductId::from_uuid), "name": "Anvil", "quantity": 1,
            "unitPrice": { "amount": 1, "currency": "EUR" },
        }],
    });
    assert_eq!(read_snapshot(id, &text.to_string(), Timestamp::UNIX_EPOCH).unwrap().cancellation, None);
}

/// The commits of an order, as they were stored before events had an own part.
#[test]
fn an_order_of_earlier_commits_is_replayed() {
    let fixtures = include_str!("../../../../../shared/domain/src/event/fixtures/commits_before_own.json");
    let fixtures: Vec<serde_json::Value> = serde_json::from_str(fixtures).unwrap();
    let is_of = |item: &serde_json::Value, order: &str| item["pk"].as_str().unwrap().ends_with(order);
    let order = fixtures[0]["pk"].as_str().unwrap().rsplit('#').next().unwrap();
    let mut replayed = None;
    for item in fixtures.iter().filter(|item| is_of(item, order)) {
        let commit: domain::event::StoredCommit = serde_json::from_value(item["commit"].clone()).unwrap();
        let at = commit.at;
        let events: Vec<Event> = commit.events.into_iter().map(|event| event.event().unwrap()).collect();
        replayed =
            read_events(events).unwrap().iter().fold(replayed, |order, event| evolve(order, event, at));
    }
    let replayed = replayed.unwrap();
    assert_eq!(replayed.id.to_string(), order);
    assert!(replayed.confirmed_at.is_some());
    assert_eq!(replayed.cancellation.unwrap().reason.as_str(), "Ordered twice");
    assert_eq!(
        (&replayed.lines).into_iter().map(|line| line.name().as_str()).collect::<Vec<_>>(),
        ["Desk lamp XL"]
    );
    let (item, snapshot) = fixtures.iter().find_map(|item| Some((item, item.get("snapshot")?))).unwrap();
    let id = item["pk"].as_str().unwrap().rsplit('#').next().unwrap().parse().unwrap();
    let restored = read_snapshot(id, &snapshot.to_string(), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!((restored.id, restored.lines.into_iter().count()), (id, 2));
}
