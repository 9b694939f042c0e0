//! Passwords are guessed slowly, nobody is locked out by strangers, and nothing tells which accounts exist.

use std::ops::RangeInclusive;

use client::id;
use serde_json::{Value, json};
use tests::World;
use tests::journey::PASSWORD;

use super::refresh::unknown;

/// Failures up to the limit. A window of counting may end in between.
const FAILURES_OF_AN_ACCOUNT: RangeInclusive<usize> = 20..=40;
const FAILURES_OF_A_SOURCE: RangeInclusive<usize> = 100..=200;

/// What the function answers to a sign-in from an address of the network.
fn sign_in(world: &World, source: &str, slug: &str, email: &str, password: &str) -> Value {
    let body = json!({ "tenant": slug, "email": email, "password": password }).to_string();
    let event = json!({
        "version": "2.0", "routeKey": "POST /sessions", "rawPath": "/sessions", "rawQueryString": "",
        "headers": { "content-type": "application/json" }, "body": body, "isBase64Encoded": false,
        "requestContext": { "requestId": "1", "routeKey": "POST /sessions", "http": { "sourceIp": source } },
    });
    world.block_on(world.cloud().invoke("LogInFunction", event)).unwrap()
}

/// Guesses until the function refuses to look, and asserts that it does so in time.
fn guess(limit: RangeInclusive<usize>, attempt: impl Fn(usize) -> Value) {
    for number in 0..=*limit.end() {
        match attempt(number)["statusCode"].as_u64() {
            Some(401) => {}
            Some(429) => {
                assert!(number >= *limit.start(), "refused after {number}");
                return;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("nobody stops the guessing");
}

#[test]
fn guessing_is_slowed_and_locks_nobody_out_of_a_known_place() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let from = |source: &str, password: &str| sign_in(&world, source, "acme", &tenant.email, password);
    assert_eq!(from("192.0.2.1", PASSWORD)["statusCode"], 201);
    // The guesses come from many places.
    guess(FAILURES_OF_AN_ACCOUNT, |number| from(&format!("198.51.100.{number}"), "a wrong password"));
    let refused = from("203.0.113.9", PASSWORD);
    assert_eq!(refused["statusCode"], 429, "{refused}");
    let wait: u64 = refused["headers"]["retry-after"].as_str().unwrap().parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    // Where the user has signed in before, the user goes on.
    assert_eq!(from("192.0.2.1", PASSWORD)["statusCode"], 201);
    // Guesses from there are held up after as many failures as elsewhere, so nobody learns whether it is known.
    guess(FAILURES_OF_AN_ACCOUNT, |_| from("192.0.2.1", "a wrong password"));
}

#[test]
fn an_account_that_does_not_exist_is_slowed_like_one_that_does() {
    let world = World::start();
    world.tenant("acme");
    for (slug, email) in [("acme", "nobody@acme.example"), ("nobody", "ada@nobody.example")] {
        guess(FAILURES_OF_AN_ACCOUNT, |number| {
            sign_in(&world, &format!("198.51.100.{number}"), slug, email, "a wrong password")
        });
    }
}

#[test]
fn one_source_may_not_try_many_accounts() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let from = |source: &str| sign_in(&world, source, "acme", &tenant.email, PASSWORD)["statusCode"].clone();
    assert_eq!(from("2001:db8::1"), 201);
    guess(FAILURES_OF_A_SOURCE, |number| {
        let email = format!("user{number}@acme.example");
        sign_in(&world, &format!("2001:db8::{number:x}"), "acme", &email, "a wrong password")
    });
    // Its network is one source, also for a user who is known there.
    assert_eq!(from("2001:db8::1"), 429);
    assert_eq!(from("2001:db8:0:1::1"), 201);
}

/// The calls of two attempts, of which the first might leave something for the second. Some are made side by side, so
/// they are in no order.
pub(super) fn calls(world: &World, attempt: impl Fn()) -> Vec<(String, String, String)> {
    let (log, services) = (world.cloud().capacity(), world.cloud().services());
    let (mark, denied) = (log.mark(), services.denied().len());
    let ((), called) = world.count_calls(|| {
        attempt();
        attempt();
    });
    // A session that is refused is counted as well, and would be less work.
    assert_eq!(services.denied().len(), denied, "{:?}", services.denied());
    // What was done before may be worked off, and added up, only now.
    let stack = world.cloud().stack();
    let consumers: Vec<&String> = stack.queue_sources.iter().map(|source| &source.function).collect();
    let is_later = |function: &String| consumers.contains(&function) || function.contains("MeterUsage");
    let consumed = log.since(mark).into_iter().filter(|call| !is_later(&call.function));
    let mut calls: Vec<_> = consumed
        .map(|call| (call.action, call.read_units.to_string(), call.write_units.to_string()))
        .collect();
    let called = called.iter().filter(|(function, _)| !is_later(function));
    let opened: u64 = called.filter_map(|(_, actions)| actions.get("AssumeRole")).sum();
    calls.push(("AssumeRole".to_owned(), opened.to_string(), String::new()));
    calls.sort();
    calls
}

#[test]
fn the_work_does_not_tell_whether_a_tenant_or_a_user_exists() {
    let world = World::start();
    // Consumers make calls, too.
    world.cloud().set_enabled("RelayEventsFunction", false).unwrap();
    world.onboard("acme");
    world.suspend(id(&world.onboard("closed")));
    let known = sign_in_calls(&world, "acme", "ada@acme.example");
    assert!(known.len() > 4, "{known:?}");
    for (slug, email) in
        [("acme", "nobody@acme.example"), ("nobody", "ada@nobody.example"), ("closed", "ada@closed.example")]
    {
        assert_eq!(sign_in_calls(&world, slug, email), known, "{slug} {email}");
    }
}

fn sign_in_calls(world: &World, slug: &str, email: &str) -> Vec<(String, String, String)> {
    calls(world, || {
        assert_eq!(sign_in(world, "192.0.2.1", slug, email, "a wrong password")["statusCode"], 401)
    })
}

#[test]
fn the_work_of_a_refresh_does_not_tell_whether_a_tenant_exists() {
    let world = World::start();
    world.cloud().set_enabled("RelayEventsFunction", false).unwrap();
    let tenant = world.tenant("acme");
    let anonymous = world.anonymous();
    let session = anonymous.log_in("acme", &tenant.email, PASSWORD).expect(201);
    let [known, unknown] = ["acme.", "nobody."].map(|slug| {
        let body = json!({ "refreshToken": unknown(&session).replace("acme.", slug) });
        calls(&world, || drop(anonymous.post("/sessions/refresh", &body).send().problem(401, "unauthorized")))
    });
    assert_eq!(known, unknown);
}
