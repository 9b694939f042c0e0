//! What is on the bus agrees with the schemas in `docs/events`, and holds nothing that a person has entered.

use std::collections::BTreeSet;

use client::eventually;
use serde_json::Value;
use tests::{World, workspace};

use tests::story::Story;

/// Parts of all names, addresses, reasons and slugs of the story.
const ENTERED: [&str; 9] = ["Ada", "Max", "@", "acme", "Tenant", "Renamed", "lamp", "Bulb", "Ordered"];

fn schema(file: &str) -> Value {
    let path = workspace::root().join("docs/events").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn assert_valid(file: &str, value: &Value) {
    let validator = jsonschema::options().should_validate_formats(true).build(&schema(file)).unwrap();
    if let Err(error) = validator.validate(value) {
        panic!("{file}: {error}: {value}");
    }
}

/// The details of all events of the story, one of each type at least.
fn published(world: &World) -> Vec<Value> {
    let types: BTreeSet<&str> = World::contract().catalogue.description.types().collect();
    eventually("an event of every type is published", || {
        let recent = world.cloud().services().recent_events();
        let seen: BTreeSet<&str> =
            recent.iter().filter_map(|recent| recent.event["detail-type"].as_str()).collect();
        let details = || recent.iter().map(|recent| recent.event["detail"].clone()).collect();
        (seen == types).then(details)
    })
}

#[test]
fn every_type_of_event_is_published_by_its_schema() {
    let world = World::start();
    Story::of(&world, &world.tenant("acme")).tell();
    for detail in published(&world) {
        assert_valid("envelope.json", &detail);
        let name = detail["type"].as_str().unwrap();
        assert_valid(&format!("{name}.v{}.json", detail["version"]), &detail["data"]);
    }
}

#[test]
fn the_bus_carries_nothing_that_a_person_has_entered() {
    let world = World::start();
    Story::of(&world, &world.tenant("acme")).tell();
    let stored = Value::from(world.scan()).to_string();
    for text in ENTERED {
        assert!(stored.contains(text), "the story does not enter {text}");
    }
    for detail in published(&world) {
        let carried = detail.to_string();
        for text in ENTERED {
            assert!(!carried.contains(text), "{text} in {carried}");
        }
    }
}
