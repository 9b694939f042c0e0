//! Where personal data stands: in the user's own partitions and in the two registers `directory` and `people`, and nowhere
//! else.

use std::collections::BTreeSet;

use client::{Member, id};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::story::Story;
use tests::{Tenant, World};

use crate::walk::settled_items;

/// Parts of the names and addresses of the two, which stand in nothing else of the world.
const OF_BOTH: [&str; 5] = ["zephyrine", "quillon", "ottoline", "abendroth", "vexley"];

/// Partitions, behind the tenant, that may say who somebody is; those with `#` belong to one user each. A new address
/// stands among the links until it is confirmed.
const MAY: [&str; 4] = ["user#", "directory", "people", "links#"];

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item[name]["S"].as_str().unwrap_or_default()
}

/// The items that hold a part of a name or an address.
fn telling(items: &[Value]) -> Vec<&Value> {
    let tells = |item: &&Value| {
        let said = item.to_string().to_lowercase();
        OF_BOTH.iter().any(|part| said.contains(part))
    };
    items.iter().filter(tells).collect()
}

/// Lives through all that leaves traces: sessions, receipts, orders, notifications, mails, changes by others and oneself.
fn live(world: &World, tenant: &Tenant, name: &str) -> Member {
    let key = format!("key-{}", name.len());
    let new = json!({
        "name": name, "email": tenant.address(name), "roles": ["member"], "password": PASSWORD,
    });
    let user = tenant.admin.post("/users", &new).header("idempotency-key", &key).send().expect(201);
    let member = world.anonymous().member(&tenant.slug, &user, PASSWORD);
    let person = json!({ "firstName": "Ottoline", "lastName": "Abendroth", "timeZone": "Europe/Vienna" });
    member.patch("/me", &person).if_match(&user).send().expect(200);
    let known = tenant.admin.user(id(&user));
    let known = tenant.admin.update_user(&known, &json!({ "lastName": "Vexley" })).expect(200);
    let lamp = tenant.admin.create_product("Desk lamp", 1250);
    let lines = json!({ "lines": [{ "productId": lamp["id"], "quantity": 1 }] });
    let order = member.post("/orders", &lines).header("idempotency-key", "order").send().expect(201);
    tenant.admin.confirm(&order).expect(200);
    world.ask_for_reset(&tenant.slug, &member.email).expect(202);
    world.anonymous().log_in(&tenant.slug, &member.email, "a wrong password").problem(401, "unauthorized");
    member.change_password(PASSWORD, "another good password").expect(204);
    let path = format!("/users/{}/deactivation", id(&user));
    let known = tenant.admin.user(id(&known));
    let gone = tenant.admin.post_empty(&path).if_match(&known).header("idempotency-key", &key).send();
    tenant.admin.reactivate(&gone.expect(200)).expect(200);
    member
}

/// The first admin of another tenant, somebody who is invited, and somebody who registers.
fn come(world: &World, tenant: &Tenant) {
    let first =
        json!({ "name": "Zephyrine First", "email": "zephyrine@vienna.example", "password": PASSWORD });
    let vienna = json!({ "name": "Vienna", "slug": "vienna", "tier": "pro", "admin": first });
    world.operator().post("/tenants", &vienna).send().expect(201);
    tenant.invite("Ottoline Invited", "ottoline@acme.example", &["member"]);
    tenant.admit(&json!({ "mode": "open" })).expect(200);
    world.register(&tenant.slug, "abendroth@acme.example").expect(202);
}

#[test]
fn personal_data_stands_in_the_user_s_partitions_and_two_registers_alone() {
    let world = World::start();
    let tenant = world.tenant("acme");
    Story::of(&world, &tenant).tell();
    let [kept, deleted] = ["Zephyrine Kept", "Quillon Gone"].map(|name| live(&world, &tenant, name));
    let new = json!({ "email": "zephyrine.new@acme.example" });
    tenant.admin.put(&format!("/users/{}/email", kept.id), &new).send().expect(202);
    tenant.admin.delete_user(&tenant.admin.user(&deleted.id)).expect(204);
    come(&world, &tenant);
    tenant.admin.get("/users?q=zephyrine&filter=email:~quillon").send().expect(200);
    let items = settled_items(&world);
    assert!(telling(&items).len() > 5, "the journeys leave traces");
    for item in telling(&items) {
        let partition = text(item, "pk").splitn(3, '#').nth(2).unwrap_or_else(|| panic!("{item}"));
        let may = MAY.iter().any(|name| partition.starts_with(name));
        let is_own = partition.split_once('#').is_none_or(|(_, id)| id.starts_with("usr_"));
        assert!(may && is_own, "{item}");
    }
    // Of the deleted user, the log alone still says who it was, until it is erased.
    let of_deleted: BTreeSet<&str> = telling(&items)
        .into_iter()
        .filter(|item| item.to_string().to_lowercase().contains("quillon"))
        .map(|item| &text(item, "sk")[..2])
        .collect();
    assert_eq!(of_deleted, BTreeSet::from(["e#"]));
    let log = format!("T#{}#user#{}", tenant.id, deleted.id);
    let is_of_log = |item: &&Value| text(item, "pk") == log && text(item, "sk") == "-";
    let row = items.iter().find(is_of_log).unwrap();
    assert_eq!((row.get("doc"), row["version"]["N"].as_str()), (None, Some("7")), "{row}");
    assert!(row["expiresAt"]["N"].is_string(), "{row}");
    let others = [world.scan_registry(), world.scan_usage()].concat();
    assert_eq!(telling(&others), Vec::<&Value>::new());
    let published: Vec<String> = world
        .cloud()
        .services()
        .recent_events()
        .iter()
        .map(|recent| recent.event.to_string().to_lowercase())
        .collect();
    assert!(published.iter().all(|event| OF_BOTH.iter().all(|part| !event.contains(part))));
    let logged = world.cloud().logs().join("\n").to_lowercase();
    assert!(OF_BOTH.iter().all(|part| !logged.contains(part)), "a log line names somebody");
}
