//! How many sessions are opened for requests of many tenants.

use client::Admin;

use super::Site;
use crate::report::{Table, with_commas};

const TENANTS: usize = 50;
const REQUESTS: usize = 1_000;

pub(super) fn method() -> String {
    format!(
        "Sessions are the calls of AssumeRole during {} requests, one after another, each of the next of {TENANTS} \
         tenants, whose users have signed in before (which opens one session each). Tokens are new at first. An \
         authorizer's process keeps sessions for ten minutes, and the gateway an authorizer's answer for one.",
        with_commas(REQUESTS)
    )
}

pub(super) fn table(site: &Site) -> Table {
    let admins: Vec<Admin> = (1..=TENANTS).map(|number| site.admin_of(number)).collect();
    let mut table = Table::new(
        format!("Sessions opened for {TENANTS} tenants"),
        ["requests", "sessions", "calls of the authorizer"],
    );
    for requests in ["the first", "the next"] {
        let ((), calls) = site.world.count_calls(|| {
            for admin in admins.iter().cycle().take(REQUESTS) {
                admin.get("/products?limit=1").send().expect(200);
            }
        });
        // Refused calls are counted as well, but then requests would have failed.
        let authorizer = calls.get("AuthorizeReadFunction");
        let times = |action| authorizer.and_then(|actions| actions.get(action)).copied().unwrap_or_default();
        table.row([
            format!("{requests} {}", with_commas(REQUESTS)),
            times("AssumeRole").to_string(),
            times("BatchGetItem").to_string(),
        ]);
    }
    table
}
