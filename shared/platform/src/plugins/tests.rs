//! What stands of plugins beside the profile, over a local table.

use domain::Version;
use domain::event::EventType;
use domain::id::{EventId, PostId, UserId};
use domain::plugin::{Configuration, ConfigurationType};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use store_world::World;

use super::*;
use crate::new_id;
use crate::table::namespace::{catalog, content};
use crate::table::{Condition, Conflict, Listing, Partition, Walk, Write};
use crate::testing::{self, Table};

#[derive(Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    days: u32,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { days: 30 }
    }
}

impl Configuration for Wanted {
    const VERSION: u32 = 2;

    fn upcast(_: u32, stored: Value) -> Value {
        json!({ "days": stored["weeks"].as_u64().unwrap() * 7 })
    }
}

#[derive(Default, Serialize, Deserialize, schemars::JsonSchema)]
struct Other {}

impl Configuration for Other {}

const MANIFEST: Manifest = Manifest {
    name: PluginName::of("content"),
    configuration: ConfigurationType::of::<Wanted>(),
    ..testing::MANIFEST
};

fn version(number: u64) -> Version {
    Version::from_number(number).unwrap()
}

#[tokio::test]
async fn what_is_set_is_read_as_it_is_now_and_the_defaults_until_then() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let read = async |scope: &Scope| scope.plugins().configuration::<Wanted>(&MANIFEST).await.unwrap();
    assert_eq!(read(&scope).await, Wanted { days: 30 });
    assert_eq!(
        scope.plugins().details(&MANIFEST).await.unwrap().configuration.unwrap(),
        json!({ "days": 30 })
    );
    let set = async |number, days: u32| {
        let write = scope.plugins().configured(&MANIFEST, version(number), &json!({ "days": days }));
        scope.commit(vec![write.unwrap()]).await
    };
    set(3, 7).await.unwrap();
    assert_eq!(read(&scope).await, Wanted { days: 7 });
    assert_eq!(read(&other).await, Wanted { days: 30 });
    // A write that comes late replaces nothing.
    assert!(matches!(set(2, 1).await, Err(StoreError::Conflict(Conflict::Version))));
    assert!(matches!(set(3, 1).await, Err(StoreError::Conflict(Conflict::Version))));
    assert_eq!(read(&scope).await, Wanted { days: 7 });
    set(4, 8).await.unwrap();
    assert_eq!(
        scope.plugins().details(&MANIFEST).await.unwrap().configuration.unwrap(),
        json!({ "days": 8 })
    );
    let wrong = scope.plugins().configuration::<Other>(&MANIFEST).await;
    assert!(matches!(wrong, Err(StoreError::Corrupt(_))));
}

#[tokio::test]
async fn an_older_form_is_converted_and_a_newer_one_waits() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let (partition, sort) = configurations::key(MANIFEST.name);
    for (number, stored, expected) in [
        (1, json!({ "schemaVersion": 1, "document": { "weeks": 2 } }), Ok(Wanted { days: 14 })),
        (2, json!({ "schemaVersion": 3, "document": { "years": 2 } }), Err(true)),
        (3, json!({ "schemaVersion": 2, "document": { "days": "many" } }), Err(false)),
    ] {
        let write = scope.write_state(
            &partition,
            sort.clone(),
            Condition::older_than(version(number)),
            Conflict::Version,
            (version(number), &stored),
        );
        scope.commit(vec![write.unwrap()]).await.unwrap();
        let read = scope.plugins().configuration::<Wanted>(&MANIFEST).await;
        let read = read.map_err(|error| match error {
            StoreError::Unknown(_) => true,
            StoreError::Corrupt(reason) => {
                assert!(!reason.contains("many"), "{reason}");
                false
            }
            other => panic!("{other}"),
        });
        assert_eq!(read, expected);
    }
}

#[tokio::test]
async fn the_last_failure_of_each_plugin_stands_by_itself_and_quotes_nobody() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    let event = new_id(EventId::from_uuid);
    let at: Timestamp = "2026-11-28T12:00:00Z".parse().unwrap();
    let fail = async |plugin: &str, reason: &str, is_final| {
        let event_type = EventType::PostDeleted.as_str();
        let failure = NewFailure { consumer: "follow", event, event_type, reason, is_final };
        scope.plugins().failed(plugin.parse().unwrap(), failure, at).await.unwrap();
    };
    assert_eq!(scope.plugins().failures().await.unwrap(), []);
    fail("content", "the store did not answer", false).await;
    fail("digest", "other", false).await;
    let reason =
        "invalid value: string \"Ada Lovelace\", expected `one of` Max for ada@acme.example\n at line 1";
    fail("content", reason, true).await;
    let expected = LastFailure {
        at,
        consumer: "follow".to_owned(),
        event,
        r#type: "post.deleted".to_owned(),
        reason: "invalid value: string …, expected … Max for … at line 1".to_owned(),
        is_final: true,
    };
    let all = scope.plugins().failures().await.unwrap();
    assert_eq!(all.len(), 2);
    assert!(all.contains(&(MANIFEST.name, expected.clone())), "{all:?}");
    assert_eq!(scope.plugins().details(&MANIFEST).await.unwrap().last_failure, Some(expected));
    fail("content", &"x".repeat(10_000), false).await;
    let last = scope.plugins().details(&MANIFEST).await.unwrap().last_failure.unwrap();
    assert_eq!(last.reason.len(), 200);
}

/// A row in any partition.
fn row(scope: &Scope, partition: &Partition, sort: impl ToString) -> Write {
    let sort = SortKey::of(sort.to_string());
    scope.write(partition, sort, Condition::absent(), Conflict::Exists("row"))
}

/// The rows of the namespaces of `content`, and one of another context.
async fn fill(scope: &Scope, posts: usize) -> usize {
    let mut rows = vec![row(scope, &catalog::PRODUCTS.partition(), "a product")];
    for _ in 0..posts {
        let (post, user) = (new_id(PostId::from_uuid), new_id(UserId::from_uuid));
        rows.push(row(scope, &content::POSTS.partition(), post));
        rows.push(row(scope, &content::POST.of(post), "-"));
        rows.push(row(scope, &content::SLUGS.partition(), user));
    }
    for rows in rows.chunks(50) {
        scope.commit(rows.to_vec()).await.unwrap();
    }
    rows.len()
}

async fn left(scope: &Scope) -> usize {
    let (mut walk, mut rows) = (Walk::default(), 0);
    while let Some(step) = scope.walk(walk).await.unwrap() {
        rows += step.rows.len();
        walk = step.next;
    }
    rows
}

#[tokio::test]
async fn an_erasure_takes_all_of_one_module_part_by_part_and_nothing_else() {
    let world = World::start(Table::new).await;
    let (scope, other) = (world.scope(), world.scope());
    let rows = fill(&scope, 70).await;
    fill(&other, 1).await;
    assert_eq!(left(&scope).await, rows);
    let (mut walk, mut parts) = (Walk::default(), 0);
    while let Some(next) = scope.plugins().erase(MANIFEST.name, walk.clone()).await.unwrap() {
        // Each part may come twice.
        scope.plugins().erase(MANIFEST.name, walk).await.unwrap();
        walk = serde_json::from_str(&serde_json::to_string(&next).unwrap()).unwrap();
        parts += 1;
    }
    assert!(parts >= 2, "{parts}");
    assert_eq!((left(&scope).await, left(&other).await), (1, 4));
    let listing = Listing { limit: 10, ..Listing::default() };
    let products = scope.list(&catalog::PRODUCTS.partition(), listing).await.unwrap();
    assert_eq!(products.items.len(), 1);
    let unknown = "no-module".parse().unwrap();
    assert_eq!(scope.plugins().erase(unknown, Walk::default()).await.unwrap(), None);
}

#[tokio::test]
async fn what_stands_beside_the_rows_is_forgotten_with_them() {
    let world = World::start(Table::new).await;
    let scope = world.scope();
    for plugin in ["content", "digest"] {
        let manifest = Manifest { name: plugin.parse().unwrap(), ..MANIFEST };
        let write = scope.plugins().configured(&manifest, Version::FIRST, &json!({ "days": 7 }));
        scope.commit(vec![write.unwrap()]).await.unwrap();
        let event = new_id(EventId::from_uuid);
        let failure = NewFailure { consumer: "a", event, event_type: "b", reason: "c", is_final: true };
        scope.plugins().failed(manifest.name, failure, Timestamp::now()).await.unwrap();
    }
    for _ in 0..2 {
        scope.commit(scope.plugins().forgotten(MANIFEST.name)).await.unwrap();
    }
    let details = scope.plugins().details(&MANIFEST).await.unwrap();
    assert_eq!((details.configuration.unwrap(), details.last_failure), (json!({ "days": 30 }), None));
    let digest = Manifest { name: "digest".parse().unwrap(), ..MANIFEST };
    assert_eq!(scope.plugins().details(&digest).await.unwrap().configuration.unwrap(), json!({ "days": 7 }));
}
