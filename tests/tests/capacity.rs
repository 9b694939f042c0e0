//! What each endpoint costs, in DynamoDB's capacity units: numbers a change has to argue with.

use serde_json::json;
use tests::client::id;
use tests::journey::{PASSWORD, onboarding};
use tests::world::Units;
use tests::{Tenant, World};

struct Stage {
    world: World,
    tenant: Tenant,
}

/// A route, what the call is, what it consumes (reads, writes), and the call.
type Budget = (&'static str, &'static str, f64, f64, fn(&Stage) -> Box<dyn FnOnce() + '_>);

const BUDGETS: &[Budget] = &[
    ("POST /tenants", "", 0.0, 10.0, |stage| {
        Box::new(|| drop(stage.world.operator().post("/tenants", &onboarding("globex")).send().expect(201)))
    }),
    ("POST /sessions", "", 3.0, 0.0, |stage| {
        Box::new(|| drop(stage.world.anonymous().log_in("acme", &stage.tenant.email, PASSWORD).expect(201)))
    }),
    ("GET /me", "", 1.0, 0.0, |stage| Box::new(|| drop(stage.tenant.admin.get("/me").send().expect(200)))),
    ("POST /products", "", 0.0, 4.0, |stage| {
        Box::new(|| drop(stage.tenant.admin.create_product("Desk lamp", 1250)))
    }),
    ("POST /products", "with a key", 1.0, 6.0, |stage| {
        let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
        Box::new(move || {
            stage.tenant.admin.post("/products", &body).header("idempotency-key", "k").send().expect(201);
        })
    }),
    ("GET /products/{id}", "", 1.0, 0.0, |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(move || {
            drop(stage.tenant.admin.get(&format!("/products/{}", id(&product))).send().expect(200))
        })
    }),
    ("POST /orders", "of one product", 1.0, 1.0, |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        Box::new(move || drop(stage.tenant.admin.place_order(&product, 2)))
    }),
    ("POST /orders", "with a key", 2.0, 4.0, |stage| {
        let product = stage.tenant.admin.create_product("Desk lamp", 1250);
        let body = json!({ "lines": [{ "productId": product["id"], "quantity": 2 }] });
        Box::new(move || {
            stage.tenant.admin.post("/orders", &body).header("idempotency-key", "k").send().expect(201);
        })
    }),
    ("POST /orders/{id}/confirmation", "", 1.0, 1.0, |stage| {
        let order = stage.tenant.order();
        Box::new(move || drop(stage.tenant.admin.confirm(&order).expect(200)))
    }),
    ("GET /orders/{id}", "", 1.0, 0.0, |stage| {
        let order = stage.tenant.order();
        Box::new(move || drop(stage.tenant.admin.order(&order)))
    }),
    ("GET /notifications", "", 0.5, 0.0, |stage| {
        stage.tenant.settled_order();
        Box::new(|| drop(stage.tenant.admin.notifications()))
    }),
    ("GET /bff/dashboard", "", 1.5, 0.0, |stage| {
        stage.tenant.settled_order();
        Box::new(|| drop(stage.tenant.admin.dashboard()))
    }),
    ("GET /health", "", 1.0, 0.0, |stage| {
        Box::new(|| drop(stage.world.anonymous().get("/health").send().expect(200)))
    }),
];

#[test]
fn every_endpoint_keeps_its_budget() {
    let world = World::start();
    let routes = world.routes();
    let stage = Stage { tenant: world.tenant("acme"), world };
    let mut broken = Vec::new();
    for (key, variant, reads, writes, prepare) in BUDGETS {
        let function = &routes
            .iter()
            .find(|route| route.key == *key)
            .unwrap_or_else(|| panic!("no route {key}"))
            .function;
        let call = prepare(&stage);
        let ((), consumed) = stage.world.measure(call);
        let budget = Units { read: *reads, write: *writes };
        let units = consumed.get(function);
        println!("{key} {variant}: {units:?}, expected {budget:?}");
        if units != Some(&budget) {
            broken.push(format!("{key} {variant} consumed {units:?}, expected {budget:?}"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_route_has_a_budget() {
    for route in World::start().routes() {
        assert!(BUDGETS.iter().any(|budget| budget.0 == route.key), "{} has none", route.key);
    }
}

/// The log counts at all: a test of budgets that measures nothing passes too easily.
#[test]
fn what_is_consumed_is_measured() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (_, consumed) = world.measure(|| tenant.admin.create_product("Desk lamp", 1250));
    assert_eq!(consumed.get("CreateProductFunction"), Some(&Units { read: 0.0, write: 4.0 }));
}
