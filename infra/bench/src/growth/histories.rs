//! Orders of many events.

use client::id;
use serde_json::{Value, json};
use tests::order_steps::{add, remove};
use tests::{Consumed, Tenant};

use super::{Site, consumed, row};
use crate::replicas::{Original, parsed};
use crate::report::{Table, with_commas};
use crate::settings::Settings;

/// The last commits of the original repeat, each of them this many versions later: as many as lie between snapshots, of
/// which each second one adds a line, and the others remove it.
const PERIOD: usize = 10;
const MADE: usize = 2 * PERIOD + 1;

pub(super) fn table(site: &Site, settings: &Settings) -> Table {
    let sizes = [10, 1_000, settings.rounds(10_000, 2_000)];
    let (order, commits) = original(site);
    let [read, confirmed]: [Vec<_>; 2] = {
        let (read, confirmed): (Vec<_>, Vec<_>) =
            sizes.iter().map(|size| of_size(site, &order, &commits, *size)).unzip();
        [read, confirmed].map(|consumed| consumed.into_iter().map(Some).collect())
    };
    let [first, second, third] = sizes.map(|size| format!("{} events", with_commas(size)));
    let head = ["call", &first, &second, &third];
    let mut table = Table::new("RCU + WCU, and round trips, by events of the order", head);
    table.row(row("`GET /orders/{id}`", &read));
    table.row(row("`POST /orders/{id}/confirmation`", &confirmed));
    table
}

/// The id of an order of many commits, and these, in order.
fn original(site: &Site) -> (String, Vec<Original>) {
    let Tenant { admin, .. } = &site.tenant;
    let bulb = admin.create_product("Bulb", 99);
    let mut order = admin.place_order(&json!({ "id": site.product }), 1);
    for version in 2..=MADE {
        let change =
            if version % 2 == 0 { add(admin, &order, &bulb, 1) } else { remove(admin, &order, &bulb) };
        order = change.send().expect(200);
    }
    let order = id(&order).to_owned();
    let partition = format!("T#{}#order#{order}", site.tenant.id);
    let mut rows = site.world.scan();
    rows.retain(|row| row["pk"]["S"] == partition);
    rows.sort_by_key(|row| row["sk"]["S"].to_string());
    assert_eq!(rows.len(), MADE, "one commit a change");
    let commit = |row| Original::of(std::slice::from_ref(row), &[&order], &["ord_", "evt_"], &[]);
    let commits = rows.iter().map(commit).collect();
    (order, commits)
}

/// What reading and confirming an order of so many events consumes.
fn of_size(site: &Site, order: &str, commits: &[Original], size: usize) -> (Consumed, Consumed) {
    let copies = (1..=size).map(|version| {
        let index = if version <= MADE { version } else { PERIOD + 1 + (version - PERIOD - 1) % PERIOD };
        at_version(&commits[index - 1], order, size, version)
    });
    site.world.put_rows(copies.collect());
    let admin = &site.tenant.admin;
    let path = format!("/orders/{}", commits[0].id(order, size));
    let read = || admin.get(&path).send().expect(200);
    let known = read();
    assert_eq!(known["version"], json!(size), "{known}");
    let read = consumed(&site.world, "GET /orders/{id}", read);
    let confirm = || admin.confirm(&known).expect(200);
    (read, consumed(&site.world, "POST /orders/{id}/confirmation", confirm))
}

/// A copy of the commit, of the order of this number, whose own events have ids of their own.
fn at_version(commit: &Original, order: &str, number: usize, version: usize) -> Value {
    let other = commit.id(order, number);
    let row = commit.copy(number << 16 | version).next().expect("a commit is one row");
    let mut row = parsed(&row.replace(&commit.id(order, number << 16 | version), &other));
    let key = row["sk"]["S"].as_str().expect("a sort key");
    let digits = key.len() - key.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    row["sk"]["S"] = json!(format!("{}{version:0digits$}", &key[..key.len() - digits]));
    row
}
