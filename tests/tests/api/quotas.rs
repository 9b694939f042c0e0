//! The quotas of a tenant: how many active users and products it may have.

use client::{Response, id, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

/// Of the tier `free`.
const USERS: usize = 10;

fn register(tenant: &Tenant, number: usize, role: &str) -> Response {
    let name = format!("User {number}");
    tenant.admin.register(&name, &tenant.address(&name), role, PASSWORD)
}

#[test]
fn a_tenant_has_no_more_active_users_than_its_quota() {
    let world = World::start_unlimited();
    let tenant = world.tenant_of_tier("acme", "free");
    let users: Vec<Value> = (1..USERS)
        .map(|number| register(&tenant, number, if number == 1 { "admin" } else { "member" }).expect(201))
        .collect();
    let refused = register(&tenant, USERS, "member").problem(409, "quota-reached");
    assert_eq!(
        refused["detail"],
        "Your tenant may have 10 active users; deactivate one, or ask your operator for another tier."
    );
    let listed = tenant.admin.get("/users").send().expect(200);
    assert_eq!(items(&listed["items"]).len(), USERS);
    register(&tenant, 1, "member").problem(409, "conflict");
    tenant.admin.update_user(&users[0], &json!({ "name": "Renamed" })).expect(200);

    // A member and an admin make room for one each.
    for (number, gone) in [(USERS, users[1].clone()), (USERS + 1, tenant.admin.user(id(&users[0])))] {
        tenant.admin.deactivate(&gone).expect(200);
        register(&tenant, number, "member").expect(201);
        register(&tenant, 0, "member").problem(409, "quota-reached");
    }
}

#[test]
fn of_two_users_at_the_same_moment_one_takes_the_last_place() {
    let world = World::start_unlimited();
    let tenant = world.tenant_of_tier("acme", "free");
    for number in 2..USERS {
        register(&tenant, number, "member").expect(201);
    }
    let (tenant, last) = (&tenant, [USERS, USERS + 1]);
    let answers: Vec<Response> = std::thread::scope(|scope| {
        let both = last.map(|number| scope.spawn(move || register(tenant, number, "member")));
        both.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let refused = answers.into_iter().find(|answer| answer.status == 409).unwrap();
    refused.problem(409, "quota-reached");
}

#[test]
fn a_tenant_sees_how_much_it_has_beside_its_limits() {
    let world = World::start_unlimited();
    let (tenant, other) = (world.tenant_of_tier("acme", "free"), world.tenant("globex"));
    let shown = |tenant: &Tenant| {
        let usage = tenant.admin.get("/tenant/usage").send().expect(200);
        (usage["counts"].clone(), usage["limits"].clone())
    };
    let limits = json!({ "requests": 500, "users": 10, "products": 100 });
    let has = |users: u64, products: u64| (json!({ "users": users, "products": products }), limits.clone());
    assert_eq!(shown(&tenant), has(1, 0));
    let user = register(&tenant, 2, "member").expect(201);
    let product = tenant.admin.create_product("Lamp", 1250);
    assert_eq!(shown(&tenant), has(2, 1));
    tenant.admin.deactivate(&user).expect(200);
    assert_eq!(shown(&tenant), has(1, 1));
    let retirement = format!("/products/{}/retirement", id(&product));
    tenant.admin.post_empty(&retirement).if_match(&product).send().expect(200);
    assert_eq!(shown(&tenant), has(1, 0));
    let of_pro = json!({ "requests": 5_000, "users": 1_000, "products": 10_000 });
    assert_eq!(shown(&other), (json!({ "users": 1, "products": 0 }), of_pro));
}

/// Who is no admin any more hears that, and not how many users there are.
#[test]
fn a_former_admin_is_refused_as_such_when_the_quota_is_reached() {
    let world = World::start_unlimited();
    let tenant = world.tenant_of_tier("acme", "free");
    let other = register(&tenant, 2, "admin").expect(201);
    for number in 3..=USERS {
        register(&tenant, number, "member").expect(201);
    }
    let session = world.anonymous().log_in("acme", other["email"].as_str().unwrap(), PASSWORD).expect(201);
    let former = world.anonymous().bearing(session["accessToken"].as_str().unwrap());
    former.get("/users").send().expect(200);
    tenant.admin.update_user(&other, &json!({ "roles": ["member"] })).expect(200);
    former.register("Eve", &tenant.address("Eve"), "member", PASSWORD).problem(403, "forbidden");
}

#[test]
fn a_product_counts_until_it_is_retired() {
    let world = World::start_unlimited();
    let tenant = world.tenant_of_tier("acme", "free");
    let create = |number: usize| {
        let price = json!({ "amount": 1250, "currency": "EUR" });
        tenant.admin.post("/products", &json!({ "name": format!("Lamp {number}"), "price": price })).send()
    };
    let products: Vec<Value> = (0..100).map(|number| create(number).expect(201)).collect();
    let refused = create(100).problem(409, "quota-reached");
    assert_eq!(
        refused["detail"],
        "Your tenant may have 100 products that are not retired; retire one, or ask your operator for another tier."
    );
    let path = format!("/products/{}", id(&products[0]));
    let renamed = tenant.admin.patch(&path, &json!({ "name": "Floor lamp" })).if_match(&products[0]).send();
    tenant.admin.post_empty(&format!("{path}/retirement")).if_match(&renamed.expect(200)).send().expect(200);
    create(100).expect(201);
    create(101).problem(409, "quota-reached");
}
