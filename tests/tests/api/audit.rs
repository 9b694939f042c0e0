use client::{Admin, eventually, id, items};
use serde_json::{Value, json};
use tests::{Tenant, World};

fn list(admin: &Admin, query: &str) -> Vec<Value> {
    items(&admin.get(&format!("/audit?limit=100{query}")).send().expect(200)["items"]).to_vec()
}

/// Waits until the audit has this many rows, and returns them newest first.
fn rows(admin: &Admin, count: usize) -> Vec<Value> {
    eventually("a row for each event", || Some(list(admin, "")).filter(|rows| rows.len() == count))
}

fn kinds(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["kind"].as_str()).collect()
}

/// Joins all pages of this length.
fn pages(admin: &Admin, query: &str, limit: usize) -> Vec<Value> {
    let (mut joined, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("/audit?limit={limit}{query}{cursor}")).send().expect(200);
        assert!(items(&page["items"]).len() <= limit);
        joined.extend_from_slice(items(&page["items"]));
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return joined,
        }
    }
}

/// Onboards a tenant, creates a product, and places and confirms an order: four events.
fn tenant_with_order(world: &World, slug: &str) -> (Tenant, Value) {
    let tenant = world.tenant(slug);
    let order = tenant.order();
    tenant.admin.confirm(&order).expect(200);
    (tenant, order)
}

#[test]
fn the_audit_lists_who_did_what_and_when() {
    let world = World::start();
    let (tenant, order) = tenant_with_order(&world, "acme");
    let rows = rows(&tenant.admin, 4);
    assert_eq!(kinds(&rows), ["order.confirmed", "order.placed", "product.created", "tenant.onboarded"]);
    let admin = json!({ "kind": "user", "id": tenant.admin_id });
    let operator =
        json!({ "kind": "operator", "principal": "arn:aws:iam::123456789012:user/local/operator" });
    for (row, actor, aggregate, sequence) in [
        (&rows[0], &admin, json!({ "kind": "order", "id": order["id"] }), 2),
        (&rows[1], &admin, json!({ "kind": "order", "id": order["id"] }), 1),
        (&rows[2], &admin, json!({ "kind": "product", "id": order["lines"][0]["productId"] }), 1),
        (&rows[3], &operator, json!({ "kind": "tenant", "id": tenant.id }), 1),
    ] {
        assert!(id(row).starts_with("evt_"));
        assert_eq!(
            *row,
            json!({
                "id": row["id"], "kind": row["kind"], "actor": actor, "aggregate": aggregate,
                "sequence": sequence, "occurredAt": row["occurredAt"],
            })
        );
    }
    assert_eq!(rows[1]["occurredAt"], order["placedAt"]);
    let mut times: Vec<&str> =
        rows.iter().filter_map(|row| row["occurredAt"].as_str()?.strip_suffix('Z')).collect();
    times.reverse();
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn the_audit_is_open_to_admins_only_and_holds_no_personal_data() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let order = member.place_order(&product, 1);
    tenant.admin.confirm(&order).expect(200);
    let rows = rows(&tenant.admin, 5);
    assert_eq!(
        kinds(&rows),
        ["order.confirmed", "order.placed", "product.created", "user.registered", "tenant.onboarded"]
    );
    assert_eq!(rows[3]["aggregate"], json!({ "kind": "user", "id": member.id }));
    assert!(
        !Value::from(rows.clone()).to_string().contains(&member.email),
        "the audit must hold no personal data"
    );
    assert_eq!(list(&tenant.admin, &format!("&actor={}", member.id)), rows[1..2]);
    assert_eq!(list(&tenant.admin, &format!("&actor={}&kind=user.registered", tenant.admin_id)), rows[3..4]);
    member.get("/audit").send().problem(403, "forbidden");
}

#[test]
fn the_audit_is_filtered_by_actor_kind_and_time() {
    let world = World::start();
    let (tenant, _) = tenant_with_order(&world, "acme");
    let rows = rows(&tenant.admin, 4);
    let at = |row: usize| rows[row]["occurredAt"].as_str().unwrap();
    let own = format!("&actor={}", tenant.admin_id);
    for (query, expected) in [
        ("&actor=operator".to_owned(), &rows[3..]),
        (own.clone(), &rows[..3]),
        ("&kind=order.placed".to_owned(), &rows[1..2]),
        (format!("{own}&kind=product.created"), &rows[2..3]),
        ("&actor=operator&kind=order.placed".to_owned(), &[]),
        ("&kind=user.deactivated".to_owned(), &[]),
        (format!("&actor=usr_{}", "0".repeat(32)), &[]),
        (format!("&from={}&to={}", at(2), at(1)), &rows[1..3]),
        (format!("&from={}&to={}", at(1), at(1)), &rows[1..2]),
        (format!("&from={}", at(1)), &rows[..2]),
        (format!("&to={}", at(1)), &rows[1..]),
        (format!("{own}&to={}", at(1)), &rows[1..3]),
        (format!("&kind=tenant.onboarded&from={}", at(2)), &[]),
        (format!("&kind=order.confirmed&from={}&to=2999-01-01T00:00:00Z", at(1)), &rows[..1]),
        ("&to=1999-01-01T00:00:00Z".to_owned(), &[]),
    ] {
        assert_eq!(list(&tenant.admin, &query), expected, "{query}");
        assert_eq!(pages(&tenant.admin, &query, 1), expected, "{query}, one a page");
    }
}

#[test]
fn pages_join_to_the_whole_list_by_every_filter() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    for _ in 0..7 {
        let order = tenant.admin.place_order(&product, 1);
        tenant.admin.confirm(&order).expect(200);
    }
    let rows = rows(&tenant.admin, 16);
    let at = |row: usize| rows[row]["occurredAt"].as_str().unwrap();
    let span = format!("&from={}&to={}", at(11), at(2));
    let own = format!("&actor={}", tenant.admin_id);
    for (query, count) in [
        (String::new(), 16),
        (own.clone(), 15),
        ("&kind=order.placed".to_owned(), 7),
        (span.clone(), 10),
        (format!("{own}&kind=order.confirmed"), 7),
        (format!("{own}&kind=order.confirmed{span}"), 5),
        (format!("&kind=order.placed{span}"), 5),
    ] {
        let whole = list(&tenant.admin, &query);
        assert_eq!(whole.len(), count, "{query}");
        for limit in [1, 2, 3, count, count + 1] {
            assert_eq!(pages(&tenant.admin, &query, limit), whole, "{query} by {limit}");
        }
    }
}

#[test]
fn a_cursor_from_elsewhere_is_a_place_in_one_s_own_list() {
    let world = World::start();
    let ((acme, _), (globex, _)) = (tenant_with_order(&world, "acme"), tenant_with_order(&world, "globex"));
    let (own, foreign) = (rows(&acme.admin, 4), rows(&globex.admin, 4));
    let at = |row: usize| own[row]["occurredAt"].as_str().unwrap();
    let page = |query: &str| acme.admin.get(&format!("/audit?limit=2{query}")).send().expect(200);
    // A cursor of another tenant: the events of globex are later, so the cursor is before the whole own list.
    let cursor = globex.admin.get("/audit?limit=3").send().expect(200)["nextCursor"].clone();
    let cursor = cursor.as_str().unwrap();
    assert!(cursor.ends_with(id(&foreign[2])));
    assert_eq!(items(&page(&format!("&cursor={cursor}"))["items"]), &own[..2]);
    let of_kind = page(&format!("&kind=order.placed&cursor={cursor}"));
    assert_eq!(items(&of_kind["items"]), &own[1..2]);

    // A cursor of an unknown event, later and earlier than all rows of the filter.
    let unknown = |year: u16| format!("&cursor={year}-01-01T00:00:00.000Z~evt_{}", "0".repeat(32));
    for kind in ["", "&kind=order.placed"] {
        let span = format!("{kind}&from={}&to={}", at(2), at(1));
        let expected = if kind.is_empty() { &own[1..3] } else { &own[1..2] };
        assert_eq!(items(&page(&format!("{span}{}", unknown(2999)))["items"]), expected);
        assert_eq!(page(&format!("{span}{}", unknown(1999))), json!({ "items": [] }));
        assert_eq!(page(&format!("{kind}{}", unknown(1999))), json!({ "items": [] }));
    }
}

#[test]
fn events_that_come_twice_leave_one_row() {
    let world = World::start();
    let (tenant, _) = tenant_with_order(&world, "acme");
    let before = rows(&tenant.admin, 4);
    for _ in 0..2 {
        world.publish_again();
    }
    world.wait_until_consumed();
    assert_eq!(list(&tenant.admin, ""), before);
    let own = format!("&actor={}", tenant.admin_id);
    assert_eq!(list(&tenant.admin, &own), before[..3]);
    assert_eq!(list(&tenant.admin, "&kind=order.placed"), before[1..2]);
}

#[test]
fn a_row_that_could_not_be_written_comes_later() {
    let world = World::start();
    let tenant = world.tenant("acme");
    rows(&tenant.admin, 1);
    world.cloud().services().override_visibility_timeout(std::time::Duration::from_secs(1));
    world.fail_times("PutItem", &format!("T#{}#audit#{}", tenant.id, tenant.admin_id), 3);
    tenant.admin.create_product("Desk lamp", 1250);
    let own = format!("&actor={}", tenant.admin_id);
    let row = eventually("the actor's row", || list(&tenant.admin, &own).pop());
    assert_eq!(rows(&tenant.admin, 2)[0], row, "the tenant's row was written before and is not repeated");
}
