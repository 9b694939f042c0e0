use client::id;
use serde_json::json;
use tests::World;

#[test]
fn a_created_product_can_be_read_where_location_says() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
    let created = admin.post("/products", &body).send();
    let product = created.expect(201);
    assert!(id(&product).starts_with("prd_"));
    assert_eq!(
        product,
        json!({
            "id": product["id"], "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" },
            "status": "active", "version": 1, "createdAt": product["createdAt"],
        })
    );
    let location = created.header("location").unwrap();
    assert_eq!(location, format!("/products/{}", id(&product)));
    let read = admin.get(location).send();
    assert_eq!(read.expect(200), product);
    assert_eq!((created.header("etag"), read.header("etag")), (Some("\"1\""), Some("\"1\"")));
}

#[test]
fn an_unknown_product_is_not_found() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    admin.get(&format!("/products/prd_{}", "0".repeat(32))).send().problem(404, "not-found");
}

#[test]
fn the_limits_of_a_product_are_inclusive() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    for (name, amount) in [("x".to_owned(), 0), ("ü".repeat(100), 1_000_000_000_000)] {
        assert_eq!(admin.create_product(&name, amount)["name"], name);
    }
}

#[test]
fn a_repeated_idempotency_key_gives_the_first_answer_again() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let create = |name: &str| {
        let body = json!({ "name": name, "price": { "amount": 1250, "currency": "EUR" } });
        admin.post("/products", &body).header("idempotency-key", "create-1").send()
    };
    let (first, again) = (create("Desk lamp"), create("Desk lamp"));
    assert_eq!(first.expect(201), again.expect(201));
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    for header in ["location", "etag", "content-type"] {
        assert_eq!(first.header(header), again.header(header), "{header}");
    }
    create("Floor lamp").problem(422, "idempotency-key-reused");
}
