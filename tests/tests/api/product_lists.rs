use client::{id, items};
use serde_json::{Value, json};
use tests::World;

use tests::order_steps::{all_pages, field, ids};

#[test]
fn products_are_listed_newest_first_page_by_page_and_by_status() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    assert_eq!(admin.get("/products").send().expect(200), json!({ "items": [] }));
    let mut products: Vec<Value> = (0..7).map(|n| admin.create_product(&format!("Lamp {n}"), n)).collect();
    for product in products.iter_mut().step_by(3) {
        let path = format!("/products/{}/retirement", id(product));
        *product = admin.post_empty(&path).if_match(product).send().expect(200);
    }
    products.reverse();
    let of = |status: &str| -> Vec<Value> {
        products.iter().filter(|product| product["status"] == status).cloned().collect()
    };
    for limit in [1, 3, 100] {
        assert_eq!(all_pages(&admin, &format!("/products?limit={limit}")), products, "{limit} a page");
        for status in ["active", "retired"] {
            let path = format!("/products?status={status}&limit={limit}");
            assert_eq!(all_pages(&admin, &path), of(status), "{path}");
        }
    }
    let first = admin.get("/products?limit=2").send().expect(200);
    assert_eq!(first["nextCursor"], products[1]["id"]);
}

#[test]
fn a_foreign_cursor_is_a_point_in_time_and_no_more() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let older = acme.admin.create_product("Desk lamp", 1250);
    let foreign = globex.admin.create_product("Floor lamp", 1250);
    acme.admin.create_product("Bulb", 1250);
    for status in ["", "&status=active"] {
        let path = format!("/products?cursor={}{status}", id(&foreign));
        let page = acme.admin.get(&path).send().expect(200);
        assert_eq!(ids(items(&page["items"])), [older["id"].clone()], "{path}");
    }
}

#[test]
fn a_list_s_parameters_keep_their_rules() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let truncated = format!("cursor=prd_{}", "0".repeat(31));
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=x", "/limit"),
        ("cursor=!", "/cursor"),
        (&truncated, "/cursor"),
        ("status=Active", "/status"),
        ("status=", "/status"),
        ("sort=name", "/sort"),
        ("name=lamp", "/name"),
    ] {
        let problem = admin.get(&format!("/products?{query}")).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer, "{query}");
    }
}
