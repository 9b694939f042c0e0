use serde_json::{Value, json};
use tests::World;
use tests::eventually;
use tests::journey::items;

#[test]
fn there_is_none_at_first() {
    let world = World::start();
    assert_eq!(world.tenant("acme").admin.notifications(), json!({ "items": [] }));
}

#[test]
fn a_confirmed_order_notifies_its_customer_once() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let order = tenant.settled_order();
    let list = tenant.admin.notifications();
    let only = &list["items"][0];
    assert!(only["id"].as_str().unwrap().starts_with("ntf_"));
    assert_eq!(
        list,
        json!({ "items": [{
            "id": only["id"], "kind": "orderConfirmed", "orderId": order["id"], "createdAt": only["createdAt"],
        }] })
    );
}

#[test]
fn pages_join_to_the_whole_list() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    for _ in 0..3 {
        let order = tenant.admin.place_order(&product, 1);
        tenant.admin.confirm(&order).expect(200);
    }
    let whole = eventually("three notifications", || {
        let list = tenant.admin.notifications();
        (items(&list["items"]).len() == 3).then(|| items(&list["items"]).to_vec())
    });
    let first = tenant.admin.get("/notifications?limit=2").send().expect(200);
    let cursor = first["nextCursor"].as_str().expect("a cursor to the rest");
    let second = tenant.admin.get(&format!("/notifications?limit=2&cursor={cursor}")).send().expect(200);
    assert_eq!(second.get("nextCursor"), None);
    let joined: Vec<Value> =
        [&first, &second].into_iter().flat_map(|page| items(&page["items"]).to_vec()).collect();
    assert_eq!(joined, whole);
}
