//! An event that is handled later: from the bus into the due ledger, and from there to its consumer again.

use std::future::{Ready, ready};
use std::sync::Mutex;

use domain::event::{Event, EventType, SOURCE, TenantRenamed};
use domain::{Actor, Stamp, Version};
use jiff::SignedDuration;
use serde_json::json;
use store_world::World;

use super::*;
use crate::new_id;
use crate::table::{AccessClass, Condition, Conflict, Minute, Position, Scope, SortKey, namespace};
use crate::testing::{MANIFEST, Table};

const CONSUMER: Consumer = Consumer::reaction("tell-later", &[EventType::TenantRenamed]).deferring();
const HASTY: Consumer = Consumer::reaction("tell-later", &[EventType::TenantRenamed]);
const OF_PLUGIN: Consumer =
    Consumer::reaction("follow", &[EventType::TenantRenamed]).continuing().of_plugin(&MANIFEST);
const EVER_HEARING: Consumer = Consumer::reaction("follow", &[EventType::TenantRenamed])
    .of_plugin(&MANIFEST)
    .hearing_while_inactive(&[EventType::TenantRenamed]);
/// A queue that no function reads.
const DEAD: &str = "RelayDeadLetterQueue";

type Handler = fn(&'static Seen, Delivery) -> Ready<Outcome>;

/// The events that the consumer was handed, and how it ends.
struct Seen {
    events: Mutex<Vec<EventId>>,
    outcome: fn() -> Outcome,
}

struct Stage {
    world: World<Table>,
    scope: Scope,
    process: &'static Process<Seen, Handler>,
}

fn due() -> Timestamp {
    "2126-11-28T14:00:00Z".parse().unwrap()
}

fn later() -> Outcome {
    Outcome::due_at(due())
}

fn handle(seen: &'static Seen, delivery: Delivery) -> Ready<Outcome> {
    seen.events.lock().unwrap().push(delivery.logged.id);
    ready((seen.outcome)())
}

impl Stage {
    async fn start(consumer: &'static Consumer, outcome: fn() -> Outcome) -> Self {
        let world = World::start(Table::new).await;
        let shared = world.shared();
        let (table, role) = ("terrace-TenantTable".to_owned(), world.role_arn("TenantDataRole"));
        let process = leak(Process {
            consumer,
            state: Seen { events: Mutex::default(), outcome },
            handle: handle as Handler,
            vendor: Vendor::new(shared, AccessClass::READ, table, role),
            dead_letters: Queue::new(shared, world.queue_url(DEAD)),
            own_queue: consumer.continues().then(|| Queue::new(shared, world.queue_url(DEAD))),
            ledger: consumer.defers().then(|| DueLedger::new(shared, "terrace-DueTable".to_owned())),
        });
        let scope = world.scope();
        Self { world, scope, process }
    }

    /// Commits an event, and returns its id and the message that the bus would send.
    async fn commit(&self) -> (EventId, Value) {
        let (tenant, id) = (self.scope.tenant(), new_id(EventId::from_uuid));
        let at: Timestamp = "2026-11-28T13:00:00Z".parse().unwrap();
        let stamp = Stamp { at, by: Actor::Platform };
        let event = Event::TenantRenamed(TenantRenamed { name: "Acme".to_owned().try_into().unwrap() });
        let log = self.scope.log(&namespace::accounts::TENANT, tenant).unwrap();
        let write = log.told(Version::FIRST, stamp, (id, &event)).unwrap();
        self.scope.commit(vec![write]).await.unwrap();
        let detail = json!({
            "id": id, "type": "tenant.renamed", "version": event.event_type().version(), "tenant": tenant,
            "sequence": 1, "aggregate": { "kind": "tenant", "id": tenant }, "occurredAt": at,
            "actor": { "kind": "platform" }, "data": {},
        });
        (id, json!({ "source": SOURCE, "detail-type": "tenant.renamed", "account": "1", "detail": detail }))
    }

    /// Whether the queue can delete the message.
    async fn process(&self, body: &str) -> bool {
        let message = Message { message_id: "1".to_owned(), body: body.to_owned() };
        let end = Instant::now() + Duration::from_secs(10);
        self.process.process(leak(message), end).await.is_done
    }

    /// Stores the states of the tenant's plugins.
    async fn have(&self, plugins: Value) {
        let partition = namespace::accounts::TENANT.of(self.scope.tenant());
        let (condition, document) = (Condition::always(), json!({ "plugins": plugins }));
        let state = (Version::FIRST, &document);
        let write =
            self.scope.write_state(&partition, SortKey::SINGLE, condition, Conflict::Version, state).unwrap();
        self.scope.commit(vec![write]).await.unwrap();
    }

    fn seen(&self) -> Vec<EventId> {
        std::mem::take(&mut self.process.state.events.lock().unwrap())
    }

    async fn items(&self) -> Vec<DueItem> {
        let ledger = DueLedger::new(self.world.shared(), "terrace-DueTable".to_owned());
        ledger.page(&Position::at(Minute::of(due())), 10).await.unwrap().items
    }
}

#[tokio::test]
async fn an_event_that_is_deferred_comes_again_and_is_read_in_the_log_again() {
    let stage = Stage::start(&CONSUMER, later).await;
    let (id, message) = stage.commit().await;
    for _ in 0..2 {
        assert!(stage.process(&message.to_string()).await);
    }
    assert_eq!(stage.seen(), [id, id]);
    let [item] = &stage.items().await[..] else { panic!("one item for each event") };
    let expected = (stage.scope.tenant(), id, "tell-later");
    assert_eq!((item.tenant, item.event, item.consumer.as_str()), expected);
    assert!(!item.message.contains("account"), "{}", item.message);
    // As `run_due` sends it. It is not time yet, as far as the handler knows.
    assert!(stage.process(&item.message).await);
    assert_eq!(stage.seen(), [id]);
    assert_eq!(stage.items().await, std::slice::from_ref(item));
    assert_eq!(stage.world.messages(DEAD), [""; 0]);
}

#[tokio::test]
async fn a_due_message_that_names_another_tenant_s_event_is_refused() {
    let stage = Stage::start(&CONSUMER, later).await;
    let (_, message) = stage.commit().await;
    stage.process(&message.to_string()).await;
    stage.seen();
    let due: Value = serde_json::from_str(&stage.items().await[0].message).unwrap();
    let other = stage.world.scope().tenant();
    for (pointer, value) in [
        ("/detail/tenant", json!(other)),
        ("/detail/id", json!(new_id(EventId::from_uuid))),
        ("/detail/sequence", json!(2)),
        ("/detail/aggregate/id", json!(other)),
    ] {
        let mut forged = due.clone();
        *forged.pointer_mut(pointer).unwrap() = value;
        assert!(stage.process(&forged.to_string()).await, "{pointer}");
        assert_eq!(stage.seen(), [], "{pointer}");
        assert_eq!(stage.world.messages(DEAD), [forged.to_string()], "{pointer}");
        stage.world.purge(DEAD);
    }
    assert_eq!(stage.items().await.len(), 1);
}

#[tokio::test]
async fn a_due_message_that_cannot_be_handled_is_a_dead_letter() {
    let stage = Stage::start(&CONSUMER, || Failure::Permanent("never".to_owned()).into()).await;
    let (id, message) = stage.commit().await;
    let body = deferred(&message.to_string()).unwrap();
    assert!(stage.process(&body).await);
    assert_eq!((stage.seen(), stage.world.messages(DEAD)), (vec![id], vec![body]));
    assert_eq!(stage.items().await, []);
}

#[tokio::test]
async fn what_the_ledger_does_not_take_comes_again() {
    let stage = Stage::start(&CONSUMER, later).await;
    let (_, message) = stage.commit().await;
    stage.world.fail_times("PutItem", "due#", 3);
    assert!(!stage.process(&message.to_string()).await);
    assert!(stage.process(&message.to_string()).await);
    assert_eq!(stage.items().await.len(), 1);
}

#[tokio::test]
async fn a_consumer_that_does_not_say_so_cannot_defer() {
    let stage = Stage::start(&HASTY, later).await;
    let (_, message) = stage.commit().await;
    assert!(!stage.process(&message.to_string()).await);
    assert_eq!(stage.items().await, []);
}

/// The last moment that the clock knows is no reason to panic.
#[tokio::test]
async fn an_event_can_be_deferred_for_ever_and_to_the_past() {
    let outcomes: [fn() -> Outcome; 2] =
        [|| Outcome::due_at(Timestamp::MAX), || Outcome::due_at(Timestamp::MIN)];
    for outcome in outcomes {
        let stage = Stage::start(&CONSUMER, outcome).await;
        let (_, message) = stage.commit().await;
        assert!(stage.process(&message.to_string()).await);
    }
    assert!(Minute::of(Timestamp::MIN).before(SignedDuration::MAX) <= Minute::of(Timestamp::MIN));
}

fn comments(active: bool) -> Value {
    json!({ "comments": { "active": active, "since": "2026-11-28T12:00:00Z", "installed": "1.0.0" } })
}

#[tokio::test]
async fn events_pass_by_a_consumer_of_a_plugin_that_is_not_active() {
    let stage = Stage::start(&OF_PLUGIN, || Ok(()).into()).await;
    let (id, message) = stage.commit().await;
    for (plugins, expected) in [
        (json!({}), &[][..]),
        (comments(false), &[]),
        (json!({ "digest": comments(true)["comments"] }), &[]),
        (comments(true), &[id]),
    ] {
        stage.have(plugins.clone()).await;
        assert!(stage.process(&message.to_string()).await, "{plugins}");
        assert_eq!(stage.seen(), expected, "{plugins}");
    }
    // A consumer of no plugin is not asked.
    let other = Stage::start(&HASTY, || Ok(()).into()).await;
    let (id, message) = other.commit().await;
    assert!(other.process(&message.to_string()).await);
    assert_eq!(other.seen(), [id]);
    assert_eq!(stage.world.messages(DEAD), [""; 0]);
}

#[tokio::test]
async fn what_is_begun_is_gone_on_with_until_the_data_is_erased() {
    let stage = Stage::start(&OF_PLUGIN, || Ok(()).into()).await;
    let (id, message) = stage.commit().await;
    let page = continuation(&message.to_string(), &json!({ "after": "a" })).unwrap();
    reaches_while_there_is_data(&stage, id, &page).await;
}

async fn reaches_while_there_is_data(stage: &Stage, id: EventId, body: &str) {
    let mut purging = comments(false);
    purging["comments"]["purgedSince"] = json!("2026-11-28T13:00:00Z");
    for (plugins, expected) in
        [(comments(false), &[id][..]), (comments(true), &[id]), (purging, &[]), (json!({}), &[])]
    {
        stage.have(plugins.clone()).await;
        assert!(stage.process(body).await, "{plugins}");
        assert_eq!(stage.seen(), expected, "{plugins}");
    }
}

#[tokio::test]
async fn what_has_to_go_is_heard_of_until_the_data_is_erased() {
    let stage = Stage::start(&EVER_HEARING, || Ok(()).into()).await;
    let (id, message) = stage.commit().await;
    reaches_while_there_is_data(&stage, id, &message.to_string()).await;
}

/// What the tenant's log does not confirm is noted nowhere: anybody's message could write there otherwise.
#[tokio::test]
async fn the_last_failure_of_a_plugin_s_consumer_is_noted_and_fails_nothing() {
    let outcomes: [(fn() -> Outcome, bool); 2] = [
        (|| Failure::Transient("no answer".to_owned()).into(), false),
        (|| Failure::Permanent("never \"Ada\"".to_owned()).into(), true),
    ];
    for (outcome, is_final) in outcomes {
        let stage = Stage::start(&OF_PLUGIN, outcome).await;
        stage.have(comments(true)).await;
        let (id, message) = stage.commit().await;
        let mut forged = message.clone();
        forged["detail"]["sequence"] = json!(2);
        stage.process(&forged.to_string()).await;
        assert_eq!(stage.scope.plugins().failures().await.unwrap(), []);
        assert_eq!(stage.process(&message.to_string()).await, is_final);
        let [(plugin, failure)] = &stage.scope.plugins().failures().await.unwrap()[..] else { panic!("one") };
        assert_eq!((*plugin, failure.event, failure.is_final), (MANIFEST.name, id, is_final));
        assert_eq!((failure.consumer.as_str(), failure.r#type.as_str()), ("follow", "tenant.renamed"));
        assert!(!failure.reason.contains("Ada"));
        // A table that does not take the note changes nothing for the message.
        stage.world.fail("PutItem", &format!("T#{}#failures", stage.scope.tenant()));
        assert_eq!(stage.process(&message.to_string()).await, is_final);
        let other = Stage::start(&HASTY, outcome).await;
        let (_, message) = other.commit().await;
        other.process(&message.to_string()).await;
        assert_eq!(other.scope.plugins().failures().await.unwrap(), []);
    }
}
