//! The limit of a tenant's requests in a window of ten seconds.

use client::eventually;
use serde_json::json;
use tests::World;

/// That of the tier that tenants of tests have.
const LIMIT: u64 = 5_000;

#[test]
fn who_has_used_up_the_window_is_refused_and_has_changed_nothing() {
    let world = World::start();
    let (acme, globex) = (world.tenant("acme"), world.tenant("globex"));
    let product = acme.admin.create_product("Desk lamp", 1250);
    let member = acme.member(&world.anonymous(), "Mel");
    let order = json!({ "lines": [{ "productId": product["id"], "quantity": 2 }] });
    // The processes behind these routes know nothing of the tenant yet: who has read the count decides by it for half a
    // second.
    world.set_request_count(&acme.id, LIMIT);
    for (what, refused) in [
        ("a read", acme.admin.get("/products").send()),
        ("a write", acme.admin.post("/orders", &order).send()),
        ("a broken one", acme.admin.post("/orders", &json!({ "lines": 7 })).send()),
        ("another user of the tenant", member.get("/me").send()),
        ("one who may not", member.get("/users").send()),
        ("one who names another tenant", acme.admin.get("/me").header("x-tenant-id", &globex.id).send()),
    ] {
        let wait: u64 = refused.header("retry-after").unwrap_or_else(|| panic!("{what}")).parse().unwrap();
        assert!((1..=10).contains(&wait), "{what}: {wait}");
        assert_eq!(refused.header("ratelimit-policy"), Some("\"requests\";q=5000;w=10"), "{what}");
        let left = refused.header("ratelimit").unwrap().to_owned();
        assert_eq!(left, format!("\"requests\";r=0;t={wait}"), "{what}");
        let problem = refused.problem(429, "limit-reached");
        assert!(problem["detail"].as_str().unwrap().contains("5000 requests in 10 seconds"), "{problem}");
    }
    globex.admin.get("/products").send().expect(200);
    world.set_request_count(&acme.id, 0);
    // Processes that know the window as used up refuse until its end.
    let dashboard = eventually("a window begins", || {
        let dashboard = acme.admin.get("/bff/dashboard?view=web").send();
        (dashboard.status == 200).then(|| dashboard.expect(200))
    });
    assert_eq!(dashboard["recentOrders"], json!([]), "no refused request has written");
}

#[test]
fn an_answer_says_how_much_of_the_window_is_left() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.set_request_count(&tenant.id, 1_250);
    let answers = [
        tenant.admin.get("/tenant").send(),
        tenant.admin.get("/orders/ord_0190b5b4a3b27c10b5a58d0a3b8a1c2d").send(),
        tenant.admin.post("/orders", &json!({})).send(),
    ];
    for answer in answers {
        let left = answer.header("ratelimit").unwrap();
        let remaining = left.strip_prefix("\"requests\";r=").and_then(|rest| rest.split_once(";t="));
        let remaining: u64 = remaining.unwrap_or_else(|| panic!("{left}")).0.parse().unwrap();
        assert!((3_700..=3_750).contains(&remaining), "{left}");
    }
    let open = world.anonymous().get("/health").send();
    assert_eq!((open.header("ratelimit"), open.header("ratelimit-policy")), (None, None));
}
