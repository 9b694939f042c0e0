//! Requests that are invalid for other reasons than a value of their body: path, query, header, encoding, size, state.

use client::{Http, Request};
use serde_json::json;
use tests::{Tenant, World};

use super::{invalid, refused};

#[test]
fn malformed_ids_and_queries() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let order_for_product = format!("/products/ord_{}", "0".repeat(32));
    let capitals = format!("/orders/ord_{}", "A".repeat(32));
    let long = format!("/orders/ord_{}", "0".repeat(33));
    for (path, field) in [
        ("/products/x", "/id"),
        (&order_for_product, "/id"),
        ("/orders/x", "/id"),
        (&capitals, "/id"),
        (&long, "/id"),
        ("/bff/dashboard", "/view"),
        ("/bff/dashboard?view=", "/view"),
        ("/bff/dashboard?view=Web", "/view"),
        ("/bff/dashboard?view=tv", "/view"),
        ("/bff/dashboard?view=web&view=web", "/view"),
        ("/bff/dashboard?view=web&x=1", "/x"),
        ("/notifications?limit=0", "/limit"),
        ("/notifications?limit=-1", "/limit"),
        ("/notifications?limit=1.5", "/limit"),
        ("/notifications?limit=1000000", "/limit"),
        ("/notifications?limit=many", "/limit"),
        ("/notifications?limit=", "/limit"),
        ("/notifications?cursor=!", "/cursor"),
        ("/notifications?x=1", "/x"),
        ("/me?x=1", "/x"),
    ] {
        invalid(&world, path, field, || admin.get(path).send());
    }
    invalid(&world, "confirming x", "/id", || admin.post_empty("/orders/x/confirmation").send());
}

/// Routes that take a body, each with its client and a valid body.
fn posts(tenant: &Tenant, world: &World) -> Vec<(Http, &'static str, String)> {
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let admin = Http::clone(&tenant.admin);
    let product_body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
    let order_body = json!({ "lines": [{ "productId": product["id"], "quantity": 1 }] });
    let session_body =
        json!({ "tenant": "acme", "email": "ada@acme.example", "password": "a good password" });
    vec![
        (admin.clone(), "/products", product_body.to_string()),
        (admin, "/orders", order_body.to_string()),
        ((*world.operator()).clone(), "/tenants", tests::journey::onboarding("globex").to_string()),
        ((*world.anonymous()).clone(), "/sessions", session_body.to_string()),
    ]
}

#[test]
fn bodies_that_cannot_be_read() {
    let world = World::start();
    let tenant = world.tenant("acme");
    const JSON: &str = "application/json";
    for (http, path, good) in posts(&tenant, &world) {
        let with_control_character = good.replacen(":\"", ":\"\u{1}", 1);
        let mut not_utf8 = good.clone().into_bytes();
        let text = good.find(":\"").unwrap() + 2;
        not_utf8[text] = 0xff;
        let large = format!("{good}{}", " ".repeat(256 * 1024));
        let bytes = |media_type: &str, body: &[u8]| http.post_bytes(path, media_type, body).send();
        for (what, body) in [
            ("not JSON", &b"name=Desk+lamp"[..]),
            ("truncated", &good.as_bytes()[..good.len() - 1]),
            ("two values", format!("{good} {{}}").as_bytes()),
            ("a control character in a text", with_control_character.as_bytes()),
            ("not UTF-8", &not_utf8),
            ("empty", b""),
        ] {
            refused(&world, &format!("{path}: {what}"), || bytes(JSON, body))
                .problem(400, "malformed-request");
        }
        refused(&world, "no body", || http.post_empty(path).send()).problem(400, "malformed-request");
        refused(&world, "too large", || bytes(JSON, large.as_bytes())).problem(413, "payload-too-large");
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
            let answer = refused(&world, media_type, || bytes(media_type, good.as_bytes()));
            answer.problem(415, "unsupported-media-type");
        }
    }
}

#[test]
fn headers_that_break_a_rule() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
    let create = || acme.admin.post("/products", &body);
    let long = "k".repeat(65);
    let keyed = |keys: &[&str]| {
        keys.iter().fold(create(), |request, key| request.header("idempotency-key", key)).send()
    };
    for keys in [&[""][..], &[" "], &["a b"], &["ü"], &[&long]] {
        let what = format!("idempotency-key {keys:?}");
        invalid(&world, &what, "/idempotency-key", || keyed(keys));
    }

    let naming = |tenants: &[&str]| {
        tenants.iter().fold(create(), |request: Request<'_>, tenant| request.header("x-tenant-id", tenant))
    };
    for tenants in
        [&[globex.id.as_str()][..], &[&acme.id, &globex.id], &[&acme.id, &acme.id], &["acme"], &[""]]
    {
        refused(&world, &format!("x-tenant-id {tenants:?}"), || naming(tenants).send())
            .problem(403, "forbidden");
    }
}

/// The relay publishes items whose sort keys look like this, in their order: once a later order has settled, the relay
/// has passed the idempotency key.
#[test]
fn a_key_that_looks_like_a_commit_is_a_key_like_others() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
    let create = || tenant.admin.post("/products", &body).header("idempotency-key", "e#0000000001").send();
    let (first, again) = (create(), create());
    assert_eq!(first.expect(201), again.expect(201));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    tenant.settled_order();
    assert_eq!(world.messages_in("RelayDeadLetterQueue"), 0);
}

#[test]
fn an_order_confirmed_twice() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let settled = tenant.settled(&order);
    refused(&world, "a second confirmation", || tenant.admin.confirm(&order)).problem(409, "conflict");
    let path = format!("/orders/{}/confirmation", order["id"].as_str().unwrap());
    let with_body = || tenant.admin.post(&path, &json!({ "force": true })).send();
    invalid(&world, "a confirmation with a field", "/force", with_body);
    assert_eq!(tenant.admin.order(&order), order);
    assert_eq!(tenant.admin.dashboard(), settled);
}
