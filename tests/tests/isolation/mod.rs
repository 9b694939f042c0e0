//! No tenant can reach the data of another tenant. Each route with an authorizer has a probe, in the module of its
//! context.

mod audit;
mod catalog;
mod dashboard;
mod identity;
mod notifications;
mod orders;
mod policies;
mod tenants;

use client::id;
use serde_json::{Value, json};
use tests::{Tenant, World};

/// Two tenants, and resources of the first one, the victim. Probes act as the second one, the stranger.
struct Pair {
    victim: Tenant,
    product: Value,
    order: Value,
    stranger: Tenant,
}

/// A route, and what the stranger tries on it.
type Probe = (&'static str, fn(&Pair));

fn probes() -> impl Iterator<Item = &'static Probe> {
    [
        audit::PROBES,
        catalog::PROBES,
        dashboard::PROBES,
        identity::PROBES,
        notifications::PROBES,
        orders::PROBES,
        tenants::PROBES,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_route_of_tenants_has_a_probe_and_every_probe_a_route() {
    let mut routes: Vec<String> =
        World::start().routes().into_iter().filter(|route| route.of_tenants).map(|route| route.key).collect();
    let mut probes: Vec<&str> = probes().map(|(route, _)| *route).collect();
    routes.sort_unstable();
    probes.sort_unstable();
    assert_eq!(routes, probes, "template.yaml on the left, the isolation probes on the right");
}

#[test]
fn a_stranger_finds_nothing_on_any_route() {
    let world = World::start();
    let [victim, stranger] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let product = victim.admin.create_product("Desk lamp", 1250);
    let order = victim.admin.place_order(&product, 1);
    victim.settled_order();
    let pair = Pair { victim, product, order, stranger };
    for (route, probe) in probes() {
        println!("as a stranger: {route}");
        probe(&pair);
    }
}

/// The refusals of another tenant's id and of an unknown id are the same, so they do not reveal whether an id exists.
#[test]
fn a_foreign_id_reads_like_an_unknown_one() {
    let world = World::start();
    let [victim, stranger] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let order = victim.order();
    let product = &order["lines"][0]["productId"];
    let refusal = |path: &str| {
        let mut problem = stranger.admin.get(path).send().problem(404, "not-found");
        problem["requestId"].take();
        problem
    };
    let nobody = "0".repeat(32);
    assert_eq!(refusal(&format!("/orders/{}", id(&order))), refusal(&format!("/orders/ord_{nobody}")));
    assert_eq!(
        refusal(&format!("/products/{}", product.as_str().unwrap())),
        refusal(&format!("/products/prd_{nobody}"))
    );
}

#[test]
fn naming_another_tenant_in_a_header_is_forbidden_on_every_route() {
    let world = World::start();
    let [victim, stranger] = ["acme", "globex"].map(|slug| world.tenant(slug));
    for route in world.routes().into_iter().filter(|route| route.of_tenants) {
        let (method, path) = route.key.split_once(' ').unwrap();
        let path = path.replace(['{', '}'], "");
        let ask = |tenants: &[&str]| {
            let request = stranger.admin.request(method, &path);
            tenants.iter().fold(request, |request, tenant| request.header("x-tenant-id", tenant)).send()
        };
        let own = stranger.id.as_str();
        for tenants in [&[victim.id.as_str()][..], &[own, &victim.id], &[own, own], &[""]] {
            println!("{} with x-tenant-id {tenants:?}", route.key);
            ask(tenants).problem(403, "forbidden");
        }
    }
}

#[test]
fn an_idempotency_key_is_a_tenant_s_own() {
    let world = World::start();
    let tenants = ["acme", "globex"].map(|slug| world.tenant(slug));
    let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
    let products = tenants.map(|tenant| {
        let answer = tenant.admin.post("/products", &body).header("idempotency-key", "same").send();
        assert_eq!(answer.header("idempotency-replayed"), None);
        answer.expect(201)
    });
    assert_ne!(products[0]["id"], products[1]["id"]);
}
