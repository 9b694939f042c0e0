//! Long histories: loading at a point, and paging.

use jiff::SignedDuration;

use super::*;

const COMMITS: u64 = 120;

fn version(number: u64) -> Version {
    Version::from_number(number).unwrap()
}

/// The time of a version's commit, which is a second after the previous one.
fn time_of(number: u64) -> Timestamp {
    at() + SignedDuration::from_secs(i64::try_from(number - 1).unwrap())
}

/// An order whose second line is added and removed in turn, and its states, oldest first.
async fn long_order(scope: &Scope) -> (OrderId, Vec<Versioned<Order>>) {
    long_order_by(scope, append).await
}

async fn long_order_by(
    scope: &Scope,
    append: impl AsyncFn(&Scope, &Decided<Order, OrderEvent>) -> Result<(), StoreError>,
) -> (OrderId, Vec<Versioned<Order>>) {
    let id = new_id(OrderId::from_uuid);
    let first = placed(id);
    append(scope, &first).await.unwrap();
    let mut states = vec![first.next];
    for number in 2..=COMMITS {
        let now: Known<Order> = known(states.last().unwrap().clone());
        let command = match now.lines.as_slice() {
            [_, second] => Command::RemoveLine { product: second.product() },
            _ => Command::AddLine { line: line() },
        };
        let decided = now.decide(|order| order.decide(command, stamp(time_of(number)))).unwrap();
        append(scope, &decided).await.unwrap();
        states.push(decided.next);
    }
    (id, states)
}

/// Appends as an older version did, with a snapshot in every 50th commit.
async fn append_as_before(scope: &Scope, decided: &Decided<Order, OrderEvent>) -> Result<(), StoreError> {
    let Versioned { value: order, version } = &decided.next;
    let events: Vec<_> =
        decided.events().iter().map(|event| stored::event(event, order, &decided.stamp().by)).collect();
    let snapshot = version.number().is_multiple_of(50).then(|| stored::snapshot(order).unwrap());
    let log = scope.log(&ORDER, order.id)?;
    scope.commit(log.published(decided, &events, snapshot, &context(decided.stamp().at))?).await
}

#[tokio::test]
async fn a_long_history_is_loaded_from_its_snapshot() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (id, states) = long_order(&scope).await;
    let mark = world.mark();
    assert_eq!(load(&scope, id, AsOf::Now).await.unwrap().as_ref(), states.last());
    let queries = world.since(mark);
    assert_eq!(queries.len(), 1, "one Query reads back to a snapshot: {queries:?}");
}

/// One of ten commits costs 2 RCU.
#[tokio::test]
async fn a_long_history_costs_no_more_than_one_of_ten_commits() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (id, _) = long_order(&scope).await;
    for number in 1..=COMMITS {
        let mark = world.mark();
        load(&scope, id, AsOf::Version(version(number))).await.unwrap();
        let units: f64 = world.since(mark).iter().map(|query| query.read_units).sum();
        assert!(units <= 2.0, "{units} RCU at version {number}");
    }
}

#[tokio::test]
async fn commits_of_before_are_loaded_by_two_queries_at_most() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (id, states) = long_order_by(&scope, append_as_before).await;
    for number in [1, 9, 10, 11, 49, 50, 51, 59, 60, 61, 99, 100, COMMITS] {
        let mark = world.mark();
        let loaded = load(&scope, id, AsOf::Version(version(number))).await.unwrap();
        assert_eq!(loaded.as_ref(), states.get(number as usize - 1), "version {number}");
        assert!(world.since(mark).len() <= 2, "version {number}");
    }
}

#[tokio::test]
async fn each_version_is_loaded_by_one_query() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (id, states) = long_order(&scope).await;
    for number in [1, 2, 9, 10, 11, 19, 20, 21, 49, 50, 51, 99, 100, 101, 119, COMMITS] {
        let mark = world.mark();
        let loaded = load(&scope, id, AsOf::Version(version(number))).await.unwrap();
        assert_eq!(loaded.as_ref(), states.get(number as usize - 1), "version {number}");
        assert_eq!(world.since(mark).len(), 1, "version {number}");
    }
    let newest = load(&scope, id, AsOf::Version(version(COMMITS + 1))).await.unwrap();
    assert_eq!(newest.as_ref(), states.last());
}

#[tokio::test]
async fn a_time_means_the_last_version_until_then() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (id, states) = long_order(&scope).await;
    let moment = SignedDuration::from_millis(1);
    let load = async |time| load(&scope, id, AsOf::Time(time)).await.unwrap();
    for number in [1, 2, 10, 11, 50, 51, 60, 61, 70, 71, 110, 111, COMMITS] {
        let state = states.get(number as usize - 1);
        assert_eq!(load(time_of(number)).await.as_ref(), state, "at version {number}");
        let before = (number as usize).checked_sub(2).and_then(|index| states.get(index));
        assert_eq!(load(time_of(number) - moment).await.as_ref(), before, "just before version {number}");
    }
    assert_eq!(load(time_of(COMMITS) + SignedDuration::from_hours(1)).await.as_ref(), states.last());
}

/// By its clock, the second request is an hour earlier than the first one.
#[tokio::test]
async fn a_commit_s_time_is_never_before_the_last_one_s() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let early = at() - SignedDuration::from_hours(1);
    let id = new_id(OrderId::from_uuid);
    append(&scope, &placed(id)).await.unwrap();
    let read = load(&scope, id, AsOf::Now).await.unwrap().unwrap();
    let confirmed = confirmed(read, early);
    assert_eq!(confirmed.next.value.confirmed_at, Some(at()));
    append(&scope, &confirmed).await.unwrap();
    let load = async |time| load(&scope, id, AsOf::Time(time)).await.unwrap();
    assert_eq!(load(at() - SignedDuration::from_millis(1)).await, None);
    assert_eq!(load(at()).await, Some(confirmed.next));
    let (_, events) = history(&scope, id, None, 10).await.unwrap().unwrap();
    let times: Vec<_> = events.items.iter().map(|commit| commit.stamp.at).collect();
    assert_eq!(times, [at(); 2]);
}

#[tokio::test]
async fn pages_of_a_history_join_to_every_event_once() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let (id, _) = long_order(&scope).await;
    let (mut versions, mut cursor) = (Vec::new(), None);
    loop {
        let mark = world.mark();
        let (placed, page) = history(&scope, id, cursor, 37).await.unwrap().unwrap();
        assert!(world.since(mark).len() <= 2, "a page is a Query, and at most the placing beside it");
        assert_eq!(placed.id, id);
        versions.extend(page.items.iter().map(|commit| commit.version.number()));
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(versions, (1..=COMMITS).collect::<Vec<_>>());
    for cursor in [None, Some(Version::FIRST)] {
        assert!(history(&other, id, cursor, 37).await.unwrap().is_none());
    }
}
