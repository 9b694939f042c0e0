//! Tenants of before there were role books and the register of people: their rows are as that version has written them.

use client::{id, items};
use serde_json::{Value, json};
use tests::{Tenant, World};

use super::roles::{registered, role, set_roles, signed_in};

/// Turns what is stored of the tenant into what the version before would have stored.
fn age(world: &World, tenant: &Tenant, admins: &[&str]) {
    let prefix = format!("T#{}#", tenant.id);
    let mut aged = Vec::new();
    for mut row in world.scan() {
        let Some(partition) = row["pk"]["S"].as_str().unwrap().strip_prefix(&prefix).map(str::to_owned)
        else {
            continue;
        };
        if ["staff", "people"].contains(&&*partition) || partition.starts_with("roles#") {
            // Routes cannot delete, and neither can this: the partition is another one from now on.
            world.delete_row(row["pk"]["S"].as_str().unwrap(), row["sk"]["S"].as_str().unwrap());
            continue;
        }
        if let Some(text) = row["doc"]["S"].as_str().map(str::to_owned) {
            let mut document: Value = serde_json::from_str(&text).unwrap();
            if document.as_object_mut().unwrap().remove("roles").is_some() {
                row["doc"]["S"] = json!(document.to_string());
                aged.push(row.clone());
            }
        }
        if partition.starts_with("tenant#") && row["sk"]["S"] == "-" {
            row["admins"] = json!({ "SS": admins });
            aged.push(row);
        }
    }
    world.put_rows(aged);
}

#[test]
fn an_older_tenant_goes_on_and_its_oldest_admin_is_the_owner() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let abe = registered(&tenant, "Abe", &["admin"]);
    let max = registered(&tenant, "Max", &["member"]);
    age(&world, &tenant, &[id(&abe), &tenant.admin_id]);

    let known = tenant.admin.get("/tenant/owner").send();
    assert_eq!(known.header("etag"), Some("\"0\""));
    assert_eq!(known.expect(200), json!({ "owner": tenant.admin_id, "version": 0 }));
    let by_abe = signed_in(&world, &abe);
    let permissions = |client: &client::Admin| client.get("/me").send().expect(200)["permissions"].clone();
    assert!(!permissions(&by_abe).to_string().contains("tenant:own"));
    assert!(permissions(&tenant.admin).to_string().contains("tenant:own"));
    by_abe.deactivate(&tenant.admin.user(&tenant.admin_id)).problem(403, "forbidden");
    assert_eq!(by_abe.user(id(&max))["roles"], json!(["member"]));
    let users = by_abe.get("/users").send().expect(200);
    assert_eq!(items(&users["items"]).len(), 3, "{users}");

    // Both are told of an order, though nobody is in the staff yet.
    let order = tenant.settled_order();
    world.wait_until_consumed();
    assert!(by_abe.notifications().to_string().contains(id(&order)));

    // Who is demoted is in the set still, and is not told any more.
    let demoted = set_roles(&tenant.admin, &abe, &["member"]).expect(200);
    assert_eq!(demoted["version"], 2);
    let order = tenant.settled_order();
    world.wait_until_consumed();
    assert!(!by_abe.notifications().to_string().contains(id(&order)));

    // The first change of the roles writes the book.
    let first = role(&tenant, "Reader", &["orders:read"]);
    assert_eq!(
        (&*first, tenant.admin.get("/tenant/owner").send().expect(200)["version"].clone()),
        ("rol_1", json!(1))
    );
    set_roles(&tenant.admin, &max, &["member", &first]).expect(200);
}

#[test]
fn of_two_first_changes_at_once_both_are_in_the_book() {
    let world = World::start();
    let tenant = world.tenant("acme");
    age(&world, &tenant, &[&tenant.admin_id]);
    let define = |name: &str| super::roles::define(&tenant.admin, name, &[]).status;
    let statuses = std::thread::scope(|scope| {
        ["One", "Two"].map(|name| scope.spawn(move || define(name))).map(|one| one.join().unwrap())
    });
    assert_eq!(statuses, [201, 201]);
    let roles = tenant.admin.get("/roles").send().expect(200);
    assert_eq!((items(&roles["items"]).len(), &roles["version"]), (7, &json!(2)));
}
