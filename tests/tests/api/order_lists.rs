//! Lists of orders: pages, filters, and whose orders a user sees.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use client::{Http, eventually, id, items};
use serde_json::{Value, json};
use tests::World;

use tests::order_steps::{add, all_pages, cancel, field, ids};

const MANY: usize = 1_000;
const WRITERS: usize = 4;

#[test]
fn a_row_of_the_list_is_the_order_in_short() {
    let world = World::start();
    let tenant = world.tenant("acme");
    assert_eq!(tenant.admin.get("/orders").send().expect(200), json!({ "items": [] }));
    let order = tenant.order();
    let list = eventually("the order is listed", || {
        let list = tenant.admin.get("/orders").send().expect(200);
        (!items(&list["items"]).is_empty()).then_some(list)
    });
    assert_eq!(
        list,
        json!({ "items": [{
            "id": order["id"], "status": "placed", "total": order["total"], "customer": tenant.admin_id,
            "lineCount": 1, "placedAt": order["placedAt"],
        }] })
    );
}

/// Orders that are placed meanwhile are newer than all pages but the first, so they do not shift the pages.
#[test]
fn a_thousand_orders_are_listed_once_each_while_others_are_placed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let began = Instant::now();
    let placed: BTreeSet<String> = std::thread::scope(|scope| {
        let place = || {
            (0..MANY / WRITERS)
                .map(|_| id(&tenant.admin.place_order(&product, 1)).to_owned())
                .collect::<Vec<_>>()
        };
        let writers = [(); WRITERS].map(|()| scope.spawn(place));
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    println!("placed after {:?}", began.elapsed());
    let oldest = placed.first().unwrap();
    eventually("all orders are listed", || {
        let listed = all_pages(&tenant.admin, "/orders?limit=100");
        (listed.len() == MANY).then_some(())
    });
    println!("listed after {:?}", began.elapsed());
    assert_eq!(placed.len(), MANY);

    let done = AtomicBool::new(false);
    let (listed, meanwhile) = std::thread::scope(|scope| {
        let others = scope.spawn(|| {
            let mut others = BTreeSet::new();
            while !done.load(Ordering::Relaxed) {
                others.insert(id(&tenant.admin.place_order(&product, 1)).to_owned());
            }
            others
        });
        let listed = all_pages(&tenant.admin, "/orders?limit=10");
        done.store(true, Ordering::Relaxed);
        (listed, others.join().unwrap())
    });
    println!("{} placed meanwhile, after {:?}", meanwhile.len(), began.elapsed());
    let listed: Vec<String> = listed.iter().map(|row| id(row).to_owned()).collect();
    assert!(
        listed.is_sorted_by(|newer, older| newer > older),
        "the list must be newest first, without repetitions"
    );
    let (before, new): (BTreeSet<_>, BTreeSet<_>) =
        listed.into_iter().partition(|listed| placed.contains(listed));
    assert!(before == placed, "{} of {MANY} listed, the oldest is {oldest}", before.len());
    assert!(new.is_subset(&meanwhile));
    assert!(!meanwhile.is_empty());
}

#[test]
fn a_status_and_a_customer_narrow_the_list_on_every_page() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [lamp, bulb] = ["Desk lamp", "Bulb"].map(|name| tenant.admin.create_product(name, 99));
    let [mia, max] = ["Mia", "Max"].map(|name| tenant.member(&world.anonymous(), name));
    let clients: [&Http; 3] = [&tenant.admin, &mia, &max];
    let mut orders: Vec<(usize, Value)> = Vec::new();
    for number in 0..18 {
        let customer = number % 3;
        let body = json!({ "lines": [{ "productId": lamp["id"], "quantity": 1 }] });
        let placed = clients[customer].post("/orders", &body).send().expect(201);
        let order = match number / 3 % 3 {
            0 => add(clients[customer], &placed, &bulb, 1).send().expect(200),
            1 => tenant.admin.confirm(&placed).expect(200),
            _ => cancel(clients[customer], &placed, "Ordered twice").send().expect(200),
        };
        orders.insert(0, (customer, order));
    }
    let expected = |customer: Option<usize>, status: Option<&str>| -> Vec<Value> {
        let matching = orders.iter().filter(|(owner, order)| {
            customer.is_none_or(|customer| customer == *owner)
                && status.is_none_or(|status| order["status"] == status)
        });
        matching.map(|(_, order)| order["id"].clone()).collect()
    };
    eventually("all rows show the present state of their orders", || {
        let rows = all_pages(&tenant.admin, "/orders?limit=100");
        let settled = orders.iter().all(|(_, order)| {
            rows.iter().any(|row| {
                row["id"] == order["id"] && row["status"] == order["status"] && row["total"] == order["total"]
            })
        });
        settled.then_some(())
    });
    let customers = [&tenant.admin_id, &mia.id, &max.id];
    for status in [None, Some("placed"), Some("confirmed"), Some("cancelled")] {
        let by_status = status.map(|status| format!("&status={status}")).unwrap_or_default();
        for limit in [2, 3, 100] {
            let path = format!("/orders?limit={limit}{by_status}");
            let all = ids(&all_pages(&tenant.admin, &path));
            assert_eq!(all, expected(None, status), "{path}");
            for (customer, user) in customers.iter().enumerate() {
                let path = format!("{path}&customer={user}");
                assert_eq!(ids(&all_pages(&tenant.admin, &path)), expected(Some(customer), status), "{path}");
            }
            assert_eq!(ids(&all_pages(&mia, &path)), expected(Some(1), status), "a member's {path}");
        }
    }
}

#[test]
fn members_list_their_own_orders_alone() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let [mia, max] = ["Mia", "Max"].map(|name| tenant.member(&world.anonymous(), name));
    let own = mia.get(&format!("/orders?customer={}", mia.id)).send();
    assert_eq!(own.expect(200), json!({ "items": [] }));
    for other in [&max.id, &tenant.admin_id, &format!("usr_{}", "0".repeat(32))] {
        mia.get(&format!("/orders?customer={other}")).send().problem(403, "forbidden");
    }
}

#[test]
fn a_foreign_cursor_is_a_point_in_time_and_no_more() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let older = acme.order();
    let foreign = globex.order();
    let newer = acme.order();
    eventually("all orders are listed", || {
        let counts = [&acme, &globex].map(|tenant| all_pages(&tenant.admin, "/orders?limit=10").len());
        (counts == [2, 1]).then_some(())
    });
    for status in ["", "&status=placed"] {
        let path = format!("/orders?limit=10&cursor={}{status}", id(&foreign));
        assert_eq!(ids(&all_pages(&acme.admin, &path)), [older["id"].clone()], "{path}");
        let path = format!("/orders?limit=10&cursor={}{status}", id(&newer));
        assert_eq!(ids(&all_pages(&globex.admin, &path)), [foreign["id"].clone()], "{path}");
    }
    let path = format!("/orders?customer={}", globex.admin_id);
    assert_eq!(acme.admin.get(&path).send().expect(200), json!({ "items": [] }));
}

#[test]
fn a_list_s_parameters_keep_their_rules() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let truncated = format!("cursor=ord_{}", "0".repeat(31));
    let product = format!("cursor=prd_{}", "0".repeat(32));
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=x", "/limit"),
        ("cursor=!", "/cursor"),
        ("cursor=", "/cursor"),
        (&truncated, "/cursor"),
        (&product, "/cursor"),
        ("status=shipped", "/status"),
        ("status=Placed", "/status"),
        ("status=", "/status"),
        ("status=placed&status=confirmed", "/status"),
        ("customer=me", "/customer"),
        ("customer=", "/customer"),
        ("sort=total", "/sort"),
        ("total=5", "/total"),
    ] {
        let problem = admin.get(&format!("/orders?{query}")).send().problem(422, "validation");
        assert_eq!(field(&problem), pointer, "{query}");
    }
}
