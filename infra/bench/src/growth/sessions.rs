//! How many sessions are opened for requests of many tenants.

use client::Admin;

use super::Site;
use crate::report::{Table, with_commas};

const TENANTS: usize = 50;
const REQUESTS: usize = 1_000;

pub(super) const METHOD: &str = "Sessions are the calls of AssumeRole during 1,000 requests, one after another, each \
    of the next of 50 tenants, whose users have signed in before (which opens one session each). Tokens are new at \
    first. An authorizer's process keeps sessions for ten minutes, and the gateway an authorizer's answer for one.";

pub(super) fn table(site: &Site) -> Table {
    let admins: Vec<Admin> = (1..=TENANTS).map(|number| site.admin_of(number)).collect();
    let mut table = Table::new(
        format!("Sessions opened for {TENANTS} tenants"),
        ["requests", "sessions", "calls of the authorizer"],
    );
    for requests in ["the first", "the next"] {
        let services = site.world.cloud().services();
        let opened = services.sessions_opened();
        let ((), calls) = site.world.count_calls(|| {
            for admin in admins.iter().cycle().take(REQUESTS) {
                admin.get("/products?limit=1").send().expect(200);
            }
        });
        let authorized = calls.get("AuthorizeReadFunction").and_then(|actions| actions.get("BatchGetItem"));
        table.row([
            format!("{requests} {}", with_commas(REQUESTS)),
            (services.sessions_opened() - opened).to_string(),
            authorized.copied().unwrap_or_default().to_string(),
        ]);
    }
    table
}
