//! What the limits of requests give to the neighbours of a noisy tenant, and what they cost.

mod events;
mod neighbours;
mod overhead;
mod paced;
mod price;

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use client::{Anonymous, Operator, id};
use http::HeaderValue;
use serde_json::json;
use tests::journey::{PASSWORD, email_of, onboarding};

use crate::report::Report;
use crate::settings::Settings;

/// How long requests are counted before the count begins anew.
const WINDOW: Duration = Duration::from_secs(10);
/// The limit of a tenant of the tier `free`.
const FREE: usize = 500;

const METHOD: &str = "All requests are `GET /tenant`, which reads one item. But for the last table, loads are open: \
requests are sent at a pace, whether or not earlier ones are answered in time, and what is late counts from when it was \
due. They begin with a window of ten seconds, in which requests are counted.\n\nThe nine and the noisy one together take about half of what the machine can serve, as the servers' share of its \
CPUs shows.\n\nFor events, orders of the nine are confirmed one by \
one, and from each answer on the list of orders and the inbox are asked in turn, with a millisecond between; the noisy \
tenant's pile of events is filled up from behind the API, since its limit would not let it make one. The pile waits in the \
queue; the stream, which all tenants share in the order of their commits, is kept short.";

/// What a connection needs to know of its tenant.
#[derive(Clone)]
struct Access {
    authorization: HeaderValue,
}

pub(crate) fn measure(settings: &Settings) -> Report {
    Report {
        title: "Limits of requests",
        method: METHOD.to_owned(),
        tables: vec![
            neighbours::table(settings),
            events::table(settings),
            price::table(settings),
            overhead::table(settings),
        ],
        ..Report::default()
    }
}

/// A tenant with a limit of requests, and its admin's access.
fn onboard(operator: &Operator, anonymous: &Anonymous, slug: &str, limit: usize) -> Access {
    let tenant = operator.post("/tenants", &onboarding(slug)).send().expect(201);
    let terms = json!({ "limits": { "requests": limit } });
    operator.patch(&format!("/tenants/{}", id(&tenant)), &terms).header("if-match", "*").send().expect(200);
    let session = anonymous.log_in(slug, &email_of(slug), PASSWORD).expect(201);
    let token = session["accessToken"].as_str().expect("a session has a token");
    Access { authorization: format!("Bearer {token}").try_into().expect("a token is printable") }
}

fn address(url: &str) -> SocketAddr {
    url.trim_start_matches("http://").parse().expect("a server names its address")
}

/// Waits until a window begins.
fn begin_window() {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    let window = WINDOW.as_millis();
    let left = window - since.as_millis() % window;
    thread::sleep(Duration::from_millis(u64::try_from(left).unwrap_or_default()));
}
