//! The demo data of `make run`.

use client::{Admin, eventually};
use seed::{DEMOS, seed};
use serde_json::Value;
use tests::World;

fn demo_admins(world: &World) -> [Admin; 2] {
    DEMOS.each_ref().map(|demo| {
        let session = world.anonymous().log_in(demo.slug, demo.email, demo.password).expect(201);
        world.anonymous().bearing(session["accessToken"].as_str().unwrap())
    })
}

fn dashboards(world: &World) -> [Value; 2] {
    demo_admins(world).map(|admin| admin.dashboard())
}

#[test]
fn a_second_run_adds_nothing() {
    let world = World::start();
    assert!(seed(&world.anonymous(), &world.operator()).unwrap());
    let settled = eventually("three orders and a notification in each dashboard", || {
        let dashboards = dashboards(&world);
        dashboards
            .iter()
            .all(|shown| shown["recentOrders"].as_array().is_some_and(|rows| rows.len() == 3))
            .then_some(dashboards)
    });
    assert!(!seed(&world.anonymous(), &world.operator()).unwrap());
    assert_eq!(dashboards(&world), settled);
}

#[test]
fn a_run_that_was_cut_short_is_completed() {
    let world = World::start();
    world.fail("PutItem", "");
    world.fail("TransactWriteItems", "");
    seed(&world.anonymous(), &world.operator()).unwrap_err();
    world.clear_faults();
    assert!(seed(&world.anonymous(), &world.operator()).unwrap());
    assert!(!seed(&world.anonymous(), &world.operator()).unwrap());
}

#[test]
fn the_printed_command_signs_in_and_asks_for_the_dashboard() {
    let command = DEMOS[0].curl("http://127.0.0.1:3000");
    assert!(command.contains("http://127.0.0.1:3000/bff/dashboard?view=web"), "{command}");
    assert!(command.contains(r#"-d '{"tenant":"acme","#), "{command}");
    assert!(!command.contains('\n'));
}
