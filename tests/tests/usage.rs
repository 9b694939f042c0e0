//! What tenants use is added up from the lines of the log: all of it, once, and for each tenant apart.

use std::collections::BTreeMap;
use std::time::Duration;

use client::{Operator, eventually, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::metering::log_message;
use tests::story::Story;
use tests::world::Units;
use tests::{Tenant, World};

const PLATFORM: &str = "platform";
const DAY: &str = "2026-11-28";
const AT: i64 = 1_795_835_045_000; // 2026-11-28T03:04:05Z

/// The rows of days, by tenant.
fn metered(world: &World) -> BTreeMap<String, Value> {
    let rows = world.scan_usage();
    let days = rows.into_iter().filter(|row| row["pk"]["S"].as_str().unwrap().starts_with("usage#"));
    days.map(|row| (row["sk"]["S"].as_str().unwrap().to_owned(), row)).collect()
}

fn amount(row: &Value, attribute: &str) -> u64 {
    row[attribute]["N"].as_str().map_or(0, |number| number.parse().unwrap())
}

fn units<'r>(rows: impl IntoIterator<Item = &'r Value>) -> Units {
    let add = |sum: Units, row: &Value| Units {
        read: sum.read + amount(row, "readMilliunits") as f64 / 1_000.0,
        write: sum.write + amount(row, "writeMilliunits") as f64 / 1_000.0,
    };
    rows.into_iter().fold(Units::default(), add)
}

/// What the tables have metered for functions, that of the table of usage included.
fn consumed(world: &World) -> Units {
    let add = |sum: Units, call: cloud::services::Consumed| Units {
        read: sum.read + call.read_units,
        write: sum.write + call.write_units,
    };
    world.cloud().capacity().all().into_iter().fold(Units::default(), add)
}

/// Waits until every line of the log is added up.
fn settle(world: &World) -> BTreeMap<String, Value> {
    world.wait_until_consumed();
    eventually("usage is what the tables have metered", || {
        let rows = metered(world);
        (world.cloud().services().outstanding_log_events() == 0 && units(rows.values()) == consumed(world))
            .then_some(rows)
    })
}

/// Reads, writes, refusals and failures, by signed-in users and by strangers.
fn load(world: &World, tenant: &Tenant) {
    Story::of(world, tenant).tell();
    let (admin, anonymous) = (&tenant.admin, world.anonymous());
    admin.get("/orders").send().expect(200);
    admin.get("/audit").send().expect(200);
    admin.get("/orders/ord_0190b5b4a3b27c10b5a58d0a3b8a1c2d").send().problem(404, "not-found");
    admin.post("/orders", &json!({})).send().problem(422, "validation");
    let product = admin.create_product("Lamp", 1);
    let again = admin.patch("/products/x", &json!({ "name": "y" })).if_match(&product).send();
    assert!(again.status >= 400);
    anonymous.log_in(&tenant.slug, &tenant.email, "a wrong password").problem(401, "unauthorized");
    anonymous.log_in("nobody-s-slug", &tenant.email, PASSWORD).problem(401, "unauthorized");
    anonymous.get("/health").send().expect(200);
}

#[test]
fn tenants_and_the_platform_use_what_the_tables_have_metered_to_the_unit() {
    let world = World::start().metered();
    let (acme, globex) = (world.tenant("acme"), world.tenant("globex"));
    load(&world, &acme);
    settle(&world);
    // Lambda may end a process whenever it has nothing to do. What its lines say is not lost with it.
    for _ in 0..3 {
        acme.order();
        world.cloud().end_idle_processes();
        globex.settled_order();
        world.cloud().end_idle_processes();
    }
    load(&world, &globex);
    let rows = settle(&world);
    for owner in [&acme.id, &globex.id, PLATFORM] {
        let row = &rows[owner];
        assert!(amount(row, "readMilliunits") > 0 && amount(row, "writeMilliunits") > 0, "{owner}: {row}");
        assert!(
            amount(row, "megabyteUs") >= amount(row, "functionUs") && amount(row, "functionUs") > 0,
            "{row}"
        );
        assert!(amount(row, "microInvocations") >= 1_000_000, "{owner}: {row}");
        assert_eq!(amount(row, "errors"), 0, "{owner}: {row}");
    }
    assert_eq!(rows.len(), 3, "{:?}", rows.keys());
    for _ in 0..7 {
        acme.admin.me();
    }
    let more = settle(&world);
    let requests = |rows: &BTreeMap<String, Value>, owner: &String| amount(&rows[owner], "requests");
    assert_eq!(requests(&more, &acme.id) - requests(&rows, &acme.id), 7);
    assert_eq!(requests(&more, &globex.id), requests(&rows, &globex.id));
}

#[test]
fn what_fails_is_counted_as_an_error_of_its_tenant() {
    let world = World::start().metered();
    let (acme, globex) = (world.tenant("acme"), world.tenant("globex"));
    world.fail("Query", &format!("T#{}#products", acme.id));
    acme.admin.get("/products").send().problem(503, "unavailable");
    globex.admin.get("/products").send().expect(200);
    let errors = |tenant: &Tenant| amount(&settle(&world)[&tenant.id], "errors");
    assert_eq!((errors(&acme), errors(&globex)), (1, 0));
    world.clear_faults();
    // The audit's consumer fails with its three calls, and the message comes again.
    world.cloud().services().override_visibility_timeout(Duration::from_millis(200));
    world.fail_times("PutItem", &format!("T#{}#audit#{}", acme.id, acme.admin_id), 3);
    acme.admin.create_product("Lamp", 1);
    assert_eq!((errors(&acme), errors(&globex)), (2, 0));
}

fn line(tenant: Option<&str>, changes: &Value) -> String {
    let mut line = json!({
        "message": "request", "tenant": tenant, "status": 200, "read_units": 0.5, "write_units": 2.0,
        "function_us": 4000, "memory_mb": 256, "sharing": 1,
    });
    line.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    line.to_string()
}

/// An event of the functions' log group, as CloudWatch sends it.
fn batch(world: &World, batch: usize, lines: &[String]) -> Value {
    let events: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| json!({ "id": format!("{batch}-{index}"), "timestamp": AT, "message": line }))
        .collect();
    world.log_batch(&events)
}

fn meter(world: &World, event: &Value) {
    world.block_on(world.cloud().invoke("MeterUsageFunction", event.clone())).unwrap();
}

#[test]
fn a_batch_of_lines_that_comes_twice_counts_once() {
    let world = World::start();
    let acme = world.tenant("acme");
    let once = batch(&world, 1, &[line(Some(&acme.id), &json!({})), line(None, &json!({}))]);
    for _ in 0..3 {
        meter(&world, &once);
    }
    let rows = metered(&world);
    assert_eq!(amount(&rows[&acme.id], "requests"), 1);
    meter(&world, &batch(&world, 2, &[line(Some(&acme.id), &json!({ "status": 500 }))]));
    let rows = metered(&world);
    let row = &rows[&acme.id];
    assert_eq!(
        (amount(row, "requests"), amount(row, "errors"), amount(row, "readMilliunits")),
        (2, 1, 1_000)
    );
    assert_eq!(amount(row, "megabyteUs"), 2 * 4_000 * 256);
    // What the metering itself consumes is the platform's: five rows, and four.
    assert_eq!(amount(&rows[PLATFORM], "writeMilliunits"), 2_000 + 10_000 + 10_000);
}

/// A batch comes again while its answer is lost, or its function was ended.
#[test]
fn lines_are_counted_once_when_the_answer_of_their_table_is_lost() {
    let world = World::start();
    let acme = world.tenant("acme");
    world.lose_answer("TransactWriteItems", "batch#");
    let once = batch(&world, 1, &[line(Some(&acme.id), &json!({}))]);
    let _ = world.block_on(world.cloud().invoke("MeterUsageFunction", once.clone()));
    meter(&world, &once);
    assert_eq!(amount(&metered(&world)[&acme.id], "requests"), 1);
}

#[test]
fn what_is_no_line_of_usage_keeps_no_other_from_being_counted() {
    let world = World::start();
    let acme = world.tenant("acme");
    let good = || line(Some(&acme.id), &json!({ "a field of a newer version": {} }));
    let others = ["", "\u{0}", "START RequestId: 1", "[]", "{\"function_us\": \"many\"}"].map(str::to_owned);
    let malformed = [
        line(Some("acme"), &json!({})),
        line(Some(&acme.id), &json!({ "read_units": -1 })),
        line(Some(&acme.id), &json!({ "sharing": 0 })),
    ];
    let lines = [vec![good()], others.to_vec(), malformed.to_vec(), vec![good()]].concat();
    meter(&world, &batch(&world, 1, &lines));
    assert_eq!(amount(&metered(&world)[&acme.id], "requests"), 2);
    // What is no batch of the functions' log group is dropped, and does not come again.
    let foreign = json!({ "messageType": "DATA_MESSAGE", "logGroup": "another", "logEvents": [] });
    let control = json!({ "messageType": "CONTROL_MESSAGE", "logGroup": "", "logEvents": [] });
    for message in [
        log_message(&foreign),
        log_message(&control),
        log_message(&json!([])),
        json!({ "awslogs": { "data": "!" } }),
    ] {
        meter(&world, &message);
    }
    assert_eq!(amount(&metered(&world)[&acme.id], "requests"), 2);
}

fn show(operator: &Operator, path: &str) -> Value {
    operator.get(path).send().expect(200)
}

#[test]
fn operators_see_what_a_day_has_cost_and_tenants_their_own_requests() {
    let world = World::start();
    let (acme, globex, idle) = (world.tenant("acme"), world.tenant("globex"), world.tenant("idle"));
    let of = |tenant: &Tenant, changes: Value| line(Some(&tenant.id), &changes);
    meter(
        &world,
        &batch(
            &world,
            1,
            &[
                of(&acme, json!({})),
                of(&acme, json!({ "status": 503 })),
                of(
                    &globex,
                    json!({ "message": "event", "status": null, "write_units": 1_000_000, "sharing": 10 }),
                ),
                line(None, &json!({ "message": "token refused", "status": null })),
            ],
        ),
    );
    let operator = world.operator();
    let day = show(&operator, &format!("/usage?day={DAY}"));
    let ranked: Vec<&str> =
        items_of(&day, "tenants").iter().map(|row| row["tenant"].as_str().unwrap()).collect();
    assert_eq!(ranked, [&globex.id, &acme.id]);
    assert_eq!((&day["day"], &day["isComplete"]), (&json!(DAY), &json!(true)));
    // A million writes, half a read, 0.1 invocations, and 4 ms of 256 MB: in micro-dollars 625,000 and 0.0957.
    assert_eq!(day["tenants"][0]["cost"]["microDollars"], 625_000);
    // 2 requests, 2 invocations, 4 writes, 1 read, 8 ms of 256 MB: 2 + 0.4 + 2.5 + 0.125 + 0.0267.
    let expected = json!({
        "tenant": acme.id, "requests": 2, "errors": 1, "readUnits": 1.0, "writeUnits": 4.0, "functionMs": 8,
        "cost": { "microDollars": 5 },
    });
    assert_eq!(day["tenants"][1], expected);
    // Of the line, and of seven rows that the metering has written: the mark, and the hour and the day of each.
    assert_eq!((&day["platform"]["requests"], &day["platform"]["writeUnits"]), (&json!(0), &json!(16.0)));
    assert_eq!((&day["total"]["requests"], &day["total"]["readUnits"]), (&json!(2), &json!(2.0)));
    assert_eq!(items_of(&show(&operator, &format!("/usage?day={DAY}&limit=1")), "tenants").len(), 1);
    assert_eq!(items_of(&show(&operator, "/usage?day=2026-11-27"), "tenants").len(), 0);

    let range = format!("from=2026-11-01&to={DAY}");
    let path = |id: &str, by: &str| format!("/tenants/{id}/usage?{range}&by={by}");
    for (by, period) in [("day", DAY), ("hour", "2026-11-28T03")] {
        let shown = show(&operator, &path(&acme.id, by));
        assert_eq!(shown["items"][0]["period"], period);
        assert_eq!(
            (&shown["items"][0]["cost"], &shown["total"]["cost"]),
            (&expected["cost"], &expected["cost"])
        );
        assert_eq!(items(&shown["items"]).len(), 1);
    }
    assert_eq!(items(&show(&operator, &path(&idle.id, "day"))["items"]).len(), 0);
    let unknown = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";
    operator.get(&path(unknown, "day")).send().problem(404, "not-found");

    for (tenant, expected) in [
        (&acme, json!([{ "day": DAY, "requests": 2, "errors": 1 }])),
        (&globex, json!([{ "day": DAY, "requests": 0, "errors": 0 }])),
        (&idle, json!([])),
    ] {
        let own = tenant.admin.get(&format!("/tenant/usage?{range}")).send().expect(200);
        assert_eq!(own["items"], expected);
    }
    for refused in ["from=2026-10-28&to=2026-11-28", "from=2026-11-29&to=2026-11-28", "from=x", "to=20261128"]
    {
        acme.admin.get(&format!("/tenant/usage?{refused}")).send().problem(422, "validation");
        operator.get(&format!("/tenants/{}/usage?{refused}", acme.id)).send().problem(422, "validation");
    }
}

fn items_of<'v>(view: &'v Value, list: &str) -> &'v [Value] {
    items(&view[list])
}
