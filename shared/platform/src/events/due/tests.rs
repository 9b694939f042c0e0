use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::id::{EventId, TenantId};
use futures::future::join;
use store_world::World;

use super::*;
use crate::new_id;
use crate::runtime::leak;
use crate::testing::Table;

/// A queue that no function reads.
const QUEUE: &str = "RelayDeadLetterQueue";
const LONG: Duration = Duration::from_secs(120);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hour(hour: i64) -> Timestamp {
    at("2126-11-28T00:00:00Z") + SignedDuration::from_hours(hour)
}

struct Clockwork {
    world: World<Table>,
    dispatcher: &'static Dispatcher,
}

impl Clockwork {
    async fn start() -> Self {
        let world = World::start(Table::new).await;
        let url = world.queue_url(QUEUE);
        let gone = Queue::new(world.shared(), format!("{url}-gone"));
        let queue = Queue::new(world.shared(), url);
        let ledger = DueLedger::new(world.shared(), "terrace-DueTable".to_owned());
        let queues = BTreeMap::from([("known".to_owned(), queue), ("gone".to_owned(), gone)]);
        Self { world, dispatcher: leak(Dispatcher { ledger, queues }) }
    }

    /// Puts an item, long before it is due.
    async fn put(&self, consumer: &str, message: &str, due: Timestamp) {
        let item = DueItem {
            consumer: consumer.to_owned(),
            tenant: new_id(TenantId::from_uuid),
            event: new_id(EventId::from_uuid),
            message: message.to_owned(),
        };
        self.dispatcher.ledger.put(&item, due, hour(-100)).await.unwrap();
    }

    async fn run_for(&self, at: Timestamp, left: Duration) -> Result<(), NotSent> {
        self.dispatcher.run(Run::lasting(at, left)).await
    }

    async fn run(&self, at: Timestamp) {
        self.run_for(at, LONG).await.unwrap();
    }

    /// What has been sent since the last call, sorted.
    fn sent(&self) -> Vec<String> {
        let mut messages = self.world.messages(QUEUE);
        self.world.purge(QUEUE);
        messages.sort_unstable();
        messages
    }
}

#[tokio::test]
async fn what_is_due_is_sent_when_its_minute_has_come_and_after_an_outage() {
    let clock = Clockwork::start().await;
    clock.run(hour(0)).await;
    for (message, due) in [("a", hour(1)), ("b", hour(2)), ("c", hour(2)), ("d", hour(5))] {
        clock.put("known", message, due).await;
    }
    clock.run(hour(1) - SignedDuration::from_nanos(1)).await;
    assert_eq!(clock.sent(), [""; 0], "nothing comes early");
    clock.run(hour(1)).await;
    assert_eq!(clock.sent(), ["a"]);
    // A call that Lambda repeats, or that comes late.
    clock.run(hour(1)).await;
    clock.run(hour(0)).await;
    assert_eq!(clock.sent(), [""; 0], "a position does not go back");
    clock.run(hour(4)).await;
    assert_eq!(clock.sent(), ["b", "c"]);
    clock.run(hour(24)).await;
    assert_eq!(clock.sent(), ["d"]);
}

/// A run that is cut off goes on where the last page has ended.
#[tokio::test]
async fn a_minute_of_many_items_is_drained_over_several_runs_without_loss() {
    const ITEMS: usize = 2 * PAGE + 100;
    let clock = Clockwork::start().await;
    let due = hour(1);
    clock.run(hour(0)).await;
    iter(0..ITEMS)
        .for_each_concurrent(16, |number| {
            let clock = &clock;
            async move { clock.put("known", &format!("{number:05}"), due).await }
        })
        .await;
    let next = Position::at(Minute::of(due).next());
    let (mut position, mut left, mut runs) = (None, Duration::from_millis(1), 0);
    while position.as_ref() != Some(&next) {
        clock.run_for(due, left).await.unwrap();
        let reached = clock.dispatcher.ledger.position().await.unwrap().map(|stored| stored.value);
        if reached == position {
            left *= 2;
        }
        position = reached;
        runs += 1;
    }
    assert!(runs > 1, "a page takes longer than a millisecond");
    let sent: BTreeSet<String> = clock.sent().into_iter().collect();
    assert_eq!(sent.len(), ITEMS);
}

#[tokio::test]
async fn without_a_position_the_hour_before_is_read() {
    let clock = Clockwork::start().await;
    for (message, due) in [("older", hour(24)), ("old", hour(25)), ("new", hour(26))] {
        clock.put("known", message, due).await;
    }
    clock.run(hour(26)).await;
    assert_eq!(clock.sent(), ["new", "old"]);
}

#[tokio::test]
async fn two_runs_at_once_lose_nothing_and_leave_one_position() {
    let clock = Clockwork::start().await;
    clock.run(hour(0)).await;
    for number in 0..30 {
        clock.put("known", &format!("{number:02}"), hour(1 + number % 3)).await;
    }
    let runs = join(clock.run_for(hour(4), LONG), clock.run_for(hour(4), LONG)).await;
    assert!(runs.0.is_ok() && runs.1.is_ok(), "{runs:?}");
    // The one that ended may have been the faster one.
    clock.run(hour(4)).await;
    let sent: BTreeSet<String> = clock.sent().into_iter().collect();
    assert_eq!(sent.len(), 30);
    let position = clock.dispatcher.ledger.position().await.unwrap().unwrap().value;
    assert_eq!(position, Position::at(Minute::of(hour(4)).next()));
}

#[tokio::test]
async fn what_a_queue_does_not_take_is_sent_by_the_next_run() {
    let clock = Clockwork::start().await;
    clock.run(hour(0)).await;
    clock.put("known", "a", hour(1)).await;
    clock.put("known", "b", hour(2)).await;
    // The three attempts of the SDK.
    clock.world.fail_times("SendMessageBatch", "", 3);
    assert!(matches!(clock.run_for(hour(3), LONG).await, Err(NotSent::Queue(_))));
    assert_eq!(clock.sent(), [""; 0]);
    clock.run(hour(3)).await;
    assert_eq!(clock.sent(), ["a", "b"]);
    clock.put("known", "c", hour(4)).await;
    clock.world.fail_times("PutItem", "position", 3);
    assert!(clock.run_for(hour(5), LONG).await.is_err());
    assert_eq!(clock.sent(), ["c"]);
    clock.run(hour(5)).await;
    assert_eq!(clock.sent(), ["c"], "a position that was not saved sends again");
}

#[tokio::test]
async fn a_run_that_fails_sends_nothing_again_of_the_pages_before() {
    let clock = Clockwork::start().await;
    clock.run(hour(0)).await;
    clock.put("known", "a", hour(1)).await;
    clock.put("gone", "b", hour(2)).await;
    for sent in [&["a"][..], &[]] {
        assert!(matches!(clock.run_for(hour(3), LONG).await, Err(NotSent::Queue(_))));
        assert_eq!(clock.sent(), sent);
    }
    let position = clock.dispatcher.ledger.position().await.unwrap().unwrap().value;
    assert_eq!(position, Position::at(Minute::of(hour(1)).next()));
}

#[tokio::test]
async fn what_no_queue_is_known_for_waits_and_holds_up_nothing() {
    let clock = Clockwork::start().await;
    clock.run(hour(0)).await;
    clock.put("unknown", "a", hour(1)).await;
    clock.put("known", "b", hour(1)).await;
    let before = Timestamp::now();
    clock.run(hour(1)).await;
    assert_eq!(clock.sent(), ["b"]);
    let minute = Minute::of(before + SignedDuration::from_hours(1));
    let mut again = Vec::new();
    for minute in [minute, minute.next(), minute.next().next()] {
        again.extend(clock.dispatcher.ledger.page(&Position::at(minute), PAGE).await.unwrap().items);
    }
    let again: Vec<&str> = again.iter().map(|item| item.message.as_str()).collect();
    assert_eq!(again, ["a"]);
}
