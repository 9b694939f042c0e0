//! Long histories: what is read of them, and at which point.

use domain::id::{OrderId, ProductId};
use domain::order::{Command, Line};
use jiff::{SignedDuration, Timestamp};

use super::world::World;
use super::{at, confirmed_at, context, placed, product};
use crate::new_id;
use crate::stores::{AsOf, LoadedOrder, Scope, Version, decide_order};

const COMMITS: u64 = 120;

fn version(number: u64) -> Version {
    Version::from_number(number).unwrap()
}

/// When a version was committed: a second behind the one before.
fn time_of(number: u64) -> Timestamp {
    at() + SignedDuration::from_secs(i64::try_from(number - 1).unwrap())
}

/// An order whose second line comes and goes, and its states, the first one first.
async fn long_order(scope: &Scope) -> (OrderId, Vec<LoadedOrder>) {
    let id = new_id(OrderId::from_uuid);
    let first = placed(id);
    scope.orders().append(&first, context(time_of(1))).await.unwrap();
    let mut states = vec![first.next];
    for number in 2..=COMMITS {
        let now = states.last().unwrap().clone();
        let command = match now.order.lines().as_slice() {
            [_, second] => Command::RemoveLine { product: second.product() },
            _ => Command::AddLine { line: line() },
        };
        let decision = decide_order(Some(now), time_of(number), |_| command).unwrap();
        scope.orders().append(&decision, context(time_of(number))).await.unwrap();
        states.push(decision.next);
    }
    (id, states)
}

fn line() -> Line {
    let product = product();
    let quantity = serde_json::from_str("1").unwrap();
    Line::new(new_id(ProductId::from_uuid), product.name, product.price, quantity).unwrap()
}

#[tokio::test]
async fn every_version_is_loaded_by_one_query_from_the_snapshot_below() {
    let world = World::start().await;
    let scope = world.scope();
    let (id, states) = long_order(&scope).await;
    for number in [1, 2, 49, 50, 51, 99, 100, 101, COMMITS] {
        let mark = world.mark();
        let loaded = scope.orders().load_as_of(id, AsOf::Version(version(number))).await.unwrap();
        assert_eq!(loaded.as_ref(), states.get(number as usize - 1), "version {number}");
        assert_eq!(world.since(mark).len(), 1, "version {number}");
    }
    let newest = scope.orders().load_as_of(id, AsOf::Version(version(COMMITS + 1))).await.unwrap();
    assert_eq!(newest.as_ref(), states.last());
}

#[tokio::test]
async fn a_time_means_the_last_version_until_then() {
    let world = World::start().await;
    let scope = world.scope();
    let (id, states) = long_order(&scope).await;
    let moment = SignedDuration::from_millis(1);
    let load = async |time| scope.orders().load_as_of(id, AsOf::Time(time)).await.unwrap();
    for number in [1, 2, 50, 51, 70, 71, COMMITS] {
        let state = states.get(number as usize - 1);
        assert_eq!(load(time_of(number)).await.as_ref(), state, "at version {number}");
        let before = (number as usize).checked_sub(2).and_then(|index| states.get(index));
        assert_eq!(load(time_of(number) - moment).await.as_ref(), before, "just before version {number}");
    }
    assert_eq!(load(time_of(COMMITS) + SignedDuration::from_hours(1)).await.as_ref(), states.last());
}

/// The second request came an hour before the first one, by its clock.
#[tokio::test]
async fn a_commit_s_time_is_never_before_the_last_one_s() {
    let world = World::start().await;
    let scope = world.scope();
    let early = at() - SignedDuration::from_hours(1);
    let id = new_id(OrderId::from_uuid);
    let placed = placed(id);
    scope.orders().append(&placed, context(at())).await.unwrap();
    let known = scope.orders().load(id).await.unwrap().unwrap();
    let confirmed = confirmed_at(known, early);
    assert_eq!(confirmed.next.order.confirmed_at(), Some(at()));
    scope.orders().append(&confirmed, context(early)).await.unwrap();
    let load = async |time| scope.orders().load_as_of(id, AsOf::Time(time)).await.unwrap();
    assert_eq!(load(at() - SignedDuration::from_millis(1)).await, None);
    assert_eq!(load(at()).await, Some(confirmed.next));
    let history = scope.orders().history(id, None, 10).await.unwrap().unwrap();
    let times: Vec<_> = history.page.items.iter().map(|event| event.occurred_at).collect();
    assert_eq!(times, [at(); 2]);
}

#[tokio::test]
async fn pages_of_a_history_join_to_every_event_once() {
    let world = World::start().await;
    let (scope, other) = (world.scope(), world.scope());
    let (id, _) = long_order(&scope).await;
    let (mut versions, mut after) = (Vec::new(), None);
    loop {
        let mark = world.mark();
        let history = scope.orders().history(id, after, 37).await.unwrap().unwrap();
        assert!(world.since(mark).len() <= 2, "a page is a Query, and at most the placing beside it");
        assert_eq!(history.placed.id(), id);
        versions.extend(history.page.items.iter().map(|event| event.sequence.number()));
        match history.page.next_cursor {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    assert_eq!(versions, (1..=COMMITS).collect::<Vec<_>>());
    for after in [None, Some(Version::FIRST)] {
        assert!(other.orders().history(id, after, 37).await.unwrap().is_none());
    }
}
