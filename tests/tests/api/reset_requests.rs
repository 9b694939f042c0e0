//! Nothing tells whether the address of a forgotten password is somebody's.

use client::{eventually, id};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::guessing::calls;

/// Addresses that get no link.
const NOBODY: [(&str, &str); 4] = [
    ("acme", "nobody@acme.example"),
    ("nobody", "ada@nobody.example"),
    ("closed", "ada@closed.example"),
    ("acme", "gone@acme.example"),
];

fn with_nobodies(world: &World) -> Tenant {
    let tenant = world.tenant("acme");
    let gone = tenant.admin.register("Gone", "gone@acme.example", "member", PASSWORD).expect(201);
    tenant.admin.deactivate(&gone).expect(200);
    world.suspend(id(&world.onboard("closed")));
    world.wait_until_consumed();
    tenant
}

#[test]
fn the_answer_and_the_work_do_not_tell_whether_a_user_exists() {
    let world = World::start();
    let tenant = with_nobodies(&world);
    // Consumers make calls, too.
    world.cloud().set_enabled("RelayEventsFunction", false).unwrap();
    let ask = |slug: &str, email: &str| {
        calls(&world, || {
            let answer = world.ask_for_reset(slug, email);
            assert_eq!(answer.expect(202), json!({ "expiresIn": 1800 }));
        })
    };
    let known = ask("acme", &tenant.email);
    assert!(known.len() > 7, "{known:?}");
    for (slug, email) in NOBODY {
        assert_eq!(ask(slug, email), known, "{slug} {email}");
    }
    let strangers = world.scan().into_iter().filter(|row| {
        let partition = row["pk"]["S"].as_str().unwrap();
        partition.ends_with("#strangers")
    });
    let strangers: Vec<Value> = strangers.collect();
    assert_eq!(strangers.len(), 2 * NOBODY.len());
    assert!(strangers.iter().all(|row| row.get("expiresAt").is_some() && !row.to_string().contains('@')));
}

#[test]
fn nobody_else_gets_a_mail_and_too_many_requests_wait_alike() {
    let world = World::start();
    let tenant = with_nobodies(&world);
    for (slug, email) in NOBODY.into_iter().chain([("acme", tenant.email.as_str())]) {
        // A window of counting may end in between.
        let refused = (0..=6).map(|_| world.ask_for_reset(slug, email)).find(|answer| answer.status == 429);
        let refused = refused.unwrap_or_else(|| panic!("{email} may be asked for without end"));
        let problem = refused.problem(429, "too-many-requests");
        assert!(problem["detail"].as_str().unwrap().starts_with("Too many links"), "{problem}");
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=900).contains(&wait), "{wait}");
    }
    // A link that was asked for before another one is not made any more once that one is.
    eventually("a mail to the one user", || world.mailed_tokens(&tenant.email).pop());
    world.wait_until_consumed();
    for (_, email) in NOBODY {
        assert_eq!(world.mailed_tokens(email), Vec::<String>::new(), "{email}");
    }
}
