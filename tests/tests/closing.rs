//! Days that are over are told once for each tenant: by the clock, through the tenant's log, on the bus.

use std::collections::BTreeMap;
use std::time::Duration;

use client::eventually;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::story::Story;
use tests::{Tenant, World};

const CLOSED: &str = "usage.closed";

/// The event of each closing that is on the bus.
fn published(world: &World) -> Vec<Value> {
    let recent = world.cloud().services().recent_events();
    let closed = recent.into_iter().filter(|recent| recent.event["detail-type"] == CLOSED);
    closed.map(|recent| recent.event["detail"].clone()).collect()
}

/// The events in the logs of tenants.
fn committed(world: &World) -> Vec<Value> {
    world.committed().into_iter().filter(|event| event["type"] == CLOSED).collect()
}

/// What is in the logs is published, once each.
fn settled(world: &World) -> Vec<Value> {
    let ids = |events: &[Value]| {
        let mut ids: Vec<String> = events.iter().map(|event| event["id"].to_string()).collect();
        ids.sort_unstable();
        ids
    };
    let closed = eventually("all closings are published", || {
        let published = published(world);
        (ids(&published) == ids(&committed(world))).then_some(published)
    });
    let of = |event: &Value| format!("{} {}", event["tenant"], event["data"]["day"]);
    let by: BTreeMap<String, &Value> = closed.iter().map(|event| (of(event), event)).collect();
    assert_eq!(by.len(), closed.len(), "a day is closed twice: {closed:?}");
    closed
}

fn days_closed(world: &World, tenant: &Tenant) -> Vec<String> {
    let closed = settled(world);
    let own = closed.iter().filter(|event| event["tenant"] == tenant.id);
    let mut days: Vec<String> = own.map(|event| event["data"]["day"].as_str().unwrap().to_owned()).collect();
    days.sort_unstable();
    days
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// Noon of the day that is so many days before today, and the midnight after it.
fn noon(days_ago: i64) -> Timestamp {
    let today: Timestamp = format!("{}T12:00:00Z", day(Timestamp::now())).parse().unwrap();
    today - SignedDuration::from_hours(24 * days_ago)
}

fn midnight(days_ago: i64) -> Timestamp {
    noon(days_ago) + SignedDuration::from_hours(12)
}

fn run(world: &World, at: Timestamp) {
    world.run_closing(at).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_was_metered_is_told_once_when_the_clock_says_that_the_day_is_over() {
    let world = World::start().metered();
    let (acme, globex) = (world.tenant("acme"), world.tenant("globex"));
    Story::of(&world, &acme).tell();
    for _ in 0..3 {
        globex.admin.me();
    }
    world.wait_until_consumed();
    let before: BTreeMap<String, Value> = world
        .scan_usage()
        .into_iter()
        .filter(|row| row["pk"]["S"].as_str().unwrap().starts_with("usage#"))
        .map(|row| (row["sk"]["S"].as_str().unwrap().to_owned(), row))
        .collect();
    // The story has closed acme's day, and globex's as far as it was used by then.
    let told = settled(&world);
    assert!(told.iter().any(|event| event["tenant"] == acme.id), "{told:?}");
    let requests = before[&globex.id]["requests"]["N"].as_str().unwrap();
    assert!(requests.parse::<u64>().unwrap() >= 3);
    for _ in 0..2 {
        world.cloud().services().advance_schedules(Duration::from_secs(27 * 60 * 60));
        eventually("globex' day is told", || {
            published(&world).iter().any(|event| event["tenant"] == globex.id).then_some(())
        });
    }
    world.run_closing(Timestamp::now() + SignedDuration::from_hours(60)).unwrap();
    for event in settled(&world) {
        let (sequence, actor) = (event["sequence"].as_i64().unwrap(), &event["actor"]);
        assert_eq!(actor, &json!({ "kind": "platform" }));
        assert_eq!(event["aggregate"], json!({ "kind": "usage", "id": event["tenant"] }));
        let day: jiff::civil::Date = event["data"]["day"].as_str().unwrap().parse().unwrap();
        let epoch = jiff::civil::date(1970, 1, 1);
        assert_eq!(day.duration_since(epoch).as_hours() / 24, sequence);
        assert!(event["data"]["cost"]["microDollars"].is_u64(), "{event}");
    }
}

#[test]
fn a_day_is_told_as_the_ledger_has_it_and_no_tenant_hears_of_another() {
    let world = World::start();
    let (acme, globex, idle) = (world.tenant("acme"), world.tenant("globex"), world.tenant("idle"));
    world.suspend(&globex.id);
    let line = |tenant: &str| {
        json!({
            "message": "request", "tenant": tenant, "status": 503, "read_units": 0.5, "write_units": 1_000_000,
            "function_us": 4000, "memory_mb": 256, "sharing": 1,
        })
    };
    let event = |id: &str, line: Value| json!({ "id": id, "timestamp": noon(2).as_millisecond(), "message": line.to_string() });
    // Nobody has onboarded the last one, or it was removed.
    let removed = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    let lines = [event("1", line(&acme.id)), event("2", line(&acme.id)), event("3", line(&globex.id))];
    let batch = world.log_batch(&[&lines[..], &[event("4", line(removed))]].concat());
    world.block_on(world.cloud().invoke("MeterUsageFunction", batch)).unwrap();

    run(&world, midnight(2) + SignedDuration::from_mins(89));
    assert_eq!(settled(&world), Vec::<Value>::new(), "the day is not over for long enough");
    for _ in 0..2 {
        run(&world, midnight(2) + SignedDuration::from_mins(90));
    }
    let told = settled(&world);
    assert_eq!(told.len(), 2, "the suspended one is told, and one that is none is not: {told:?}");
    let of = |tenant: &Tenant| told.iter().find(|event| event["tenant"] == tenant.id).unwrap();
    let data = json!({
        "day": day(noon(2)), "tier": "pro", "requests": 2, "errors": 2, "readMilliunits": 1000,
        "writeMilliunits": 2_000_000_000_u64, "functionMs": 8, "megabyteMs": 2048, "microInvocations": 2_000_000,
        "cost": { "microDollars": 1_250_003 },
    });
    assert_eq!((&of(&acme)["data"], &of(&globex)["data"]["requests"]), (&data, &json!(1)));
    // It stands in the tenant's own log, and nobody has done it: it is in no audit and no usage.
    world.wait_until_consumed();
    for row in world.scan().iter().filter(|row| row.to_string().contains(CLOSED)) {
        let own = [&acme, &globex].map(|tenant| format!("T#{0}#usage#{0}", tenant.id));
        assert!(own.iter().any(|own| row["pk"]["S"] == **own), "{row}");
    }
    assert_eq!(days_closed(&world, &idle), Vec::<String>::new());
}

#[test]
fn days_that_an_outage_has_left_are_caught_up_with_a_week_back() {
    let world = World::start();
    let acme = world.tenant("acme");
    for days_ago in [0, 1, 3, 7, 8] {
        world.meter_line(&acme.id, noon(days_ago));
    }
    run(&world, midnight(1) + SignedDuration::from_mins(90));
    let expected = [7, 3, 1].map(|days_ago| day(noon(days_ago)));
    assert_eq!(days_closed(&world, &acme), expected);
}

/// Whatever ends between the event's commit and the mark on the row, the event is not made again.
#[test]
fn a_run_that_is_cut_off_after_the_commit_tells_nothing_twice() {
    let world = World::start();
    let (acme, globex) = (world.tenant("acme"), world.tenant("globex"));
    for tenant in [&acme, &globex] {
        world.meter_line(&tenant.id, noon(2));
    }
    world.fail("UpdateItem", "usage#");
    let at = midnight(1) + SignedDuration::from_mins(90);
    assert!(world.run_closing(at).is_err(), "rows that are not marked fail the run");
    let told = settled(&world);
    assert_eq!(told.len(), 2);
    world.clear_faults();
    world.meter_line(&acme.id, noon(2) + SignedDuration::from_secs(1));
    for _ in 0..2 {
        run(&world, at);
    }
    assert_eq!(settled(&world), told, "a line that comes late changes nothing that was told");
    // The answer of the commit is lost, too.
    world.meter_line(&acme.id, noon(1));
    world.lose_answers("PutItem", &format!("T#{}#usage#", acme.id));
    let _ = world.run_closing(at);
    world.clear_faults();
    run(&world, at);
    assert_eq!(days_closed(&world, &acme), [day(noon(2)), day(noon(1))]);
}

#[test]
fn a_tenant_that_fails_holds_up_no_other_and_is_closed_by_the_next_run() {
    let world = World::start();
    let tenants = ["acme", "globex", "initech"].map(|slug| world.tenant(slug));
    for tenant in &tenants {
        world.meter_line(&tenant.id, noon(2));
    }
    let [acme, globex, initech] = &tenants;
    world.fail("PutItem", &format!("T#{}#usage#", globex.id));
    let at = midnight(1) + SignedDuration::from_mins(90);
    let error = world.run_closing(at).unwrap_err().to_string();
    assert!(error.contains("1 rows or pages of usage were not closed"), "{error}");
    let closed = |tenant| days_closed(&world, tenant).len();
    assert_eq!([closed(acme), closed(globex), closed(initech)], [1, 0, 1]);
    world.clear_faults();
    run(&world, at);
    assert_eq!([closed(acme), closed(globex), closed(initech)], [1, 1, 1]);
}

/// Otherwise each closing would be usage of the day on which it happens, which would be closed in turn.
#[test]
fn a_tenant_that_does_nothing_more_is_not_closed_again() {
    let world = World::start().metered();
    let acme = world.tenant("acme");
    world.wait_until_consumed();
    run(&world, Timestamp::now() + SignedDuration::from_hours(26));
    let row = |world: &World| {
        let of_acme =
            |row: &Value| row["sk"]["S"] == acme.id && row["pk"]["S"].as_str().unwrap().starts_with("usage#");
        let mut row = world.scan_usage().into_iter().find(of_acme).unwrap();
        row.as_object_mut().unwrap().remove("closedAt");
        row
    };
    let before = row(&world);
    assert_eq!(days_closed(&world, &acme).len(), 1);
    world.wait_until_consumed();
    assert_eq!(row(&world), before, "its closing has cost the tenant something");
}
