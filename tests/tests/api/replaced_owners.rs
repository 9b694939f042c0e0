//! Operators invite somebody to take the place of an owner who is lost.

use client::{Response, items};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::escalation::{owner, transfer};
use super::invitations::{accept, refuse};
use super::roles::{registered, set_roles, signed_in};

pub(crate) const OLGA: &str = "olga@acme.example";
const OTTO: &str = "otto@acme.example";

fn take(world: &World, token: &str, password: &str) -> Response {
    let body = json!({ "token": token, "password": password });
    world.anonymous().post("/ownership/redemption", &body).send()
}

/// The user's id, and the token of the link.
fn invited(world: &World, tenant: &Tenant, email: &str) -> (Value, String) {
    let user = world.replace_owner(&tenant.id, email).expect(201);
    (user["id"].clone(), world.mailed_token(email, 0))
}

#[test]
fn who_is_invited_becomes_the_owner_and_the_former_one_an_admin() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let user = world.replace_owner(&tenant.id, OLGA).expect(201);
    assert_eq!(
        (&user["status"], &user["roles"], &user["isOwner"]),
        (&json!("invited"), &json!(["admin"]), &json!(false))
    );
    let token = world.mailed_token(OLGA, 0);
    let mail = world.cloud().mailbox().into_iter().find(|mail| mail.text.contains(&token)).unwrap();
    assert!(mail.text.contains(&format!("http://localhost:5173/ownership#{token}")), "{}", mail.text);
    assert!(mail.text.contains("acme") && !mail.text.contains("Olga"), "{}", mail.text);
    assert_eq!(owner(&tenant.admin)["owner"], json!(tenant.admin_id), "until the link is redeemed");
    refuse(&accept(&world, &token, PASSWORD));
    take(&world, &token, PASSWORD).expect(204);
    refuse(&take(&world, &token, PASSWORD));
    let olga = signed_in(&world, &user);
    assert_eq!(owner(&olga)["owner"], user["id"]);
    let me = olga.get("/me").send().expect(200);
    assert!(items(&me["permissions"]).contains(&json!("tenant:own")), "{me}");
    let former = olga.user(&tenant.admin_id);
    assert_eq!((&former["roles"], &former["isOwner"]), (&json!(["admin"]), &json!(false)));
    // The new owner has power over the former one, and not the other way round.
    set_roles(&tenant.admin, &olga.me(), &["member"]).problem(403, "forbidden");
    set_roles(&olga, &former, &["member"]).expect(200);
    world.wait_until_consumed();
    let rows = olga.get("/audit?limit=100").send().expect(200);
    let of = |kind: &str| {
        items(&rows["items"]).iter().find(|row| row["kind"] == kind).map(|row| row["actor"].clone())
    };
    assert_eq!(of("tenant.ownershipTransferred"), Some(json!({ "kind": "user", "id": user["id"] })));
    assert_eq!(of("user.invited").unwrap()["kind"], "operator");
    let operations = world.operator().get("/operators/audit").send().expect(200);
    let replaced = json!({ "kind": "replaceOwner", "user": user["id"] });
    assert_eq!(items(&operations["items"])[0]["action"], replaced);
}

#[test]
fn of_two_who_are_to_be_the_owner_the_first_one_is() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let both = [OLGA, OTTO].map(|email| invited(&world, &tenant, email));
    let statuses = std::thread::scope(|scope| {
        let world = &world;
        both.each_ref()
            .map(|(_, token)| scope.spawn(move || take(world, token, PASSWORD).status))
            .map(|one| one.join().unwrap())
    });
    let won = statuses.iter().position(|status| *status == 204).unwrap_or_else(|| panic!("{statuses:?}"));
    assert_eq!(statuses[1 - won], 422);
    assert_eq!(owner(&tenant.admin)["owner"], both[won].0);
    assert_eq!(tenant.admin.user(both[1 - won].0.as_str().unwrap())["status"], "invited");
}

#[test]
fn the_link_ends_with_the_owner_whom_it_replaces() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (user, token) = invited(&world, &tenant, OLGA);
    // The owner was not lost after all.
    let heir = registered(&tenant, "Abe", &["admin"]);
    transfer(&tenant.admin, &owner(&tenant.admin), &heir).expect(200);
    refuse(&take(&world, &token, PASSWORD));
    assert_eq!(tenant.admin.user(user.as_str().unwrap())["status"], "invited");
    assert_eq!(owner(&tenant.admin)["owner"], heir["id"]);
}

#[test]
fn the_same_command_mails_another_link_until_one_is_redeemed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (user, first) = invited(&world, &tenant, OLGA);
    let path = format!("/tenants/{}", tenant.id);
    let users = || world.operator().get(&path).send().expect(200)["counts"]["users"].clone();
    let before = users();
    let again = world.replace_owner(&tenant.id, OLGA).expect(201);
    assert_eq!((&again["id"], &again["status"]), (&user, &json!("invited")));
    let second = world.mailed_token(OLGA, 1);
    assert_eq!(users(), before, "nobody takes another seat");
    refuse(&take(&world, &first, PASSWORD));
    // It is for the owner of now.
    let heir = registered(&tenant, "Abe", &["admin"]);
    transfer(&tenant.admin, &owner(&tenant.admin), &heir).expect(200);
    refuse(&take(&world, &second, PASSWORD));
    world.replace_owner(&tenant.id, OLGA).expect(201);
    take(&world, &world.mailed_token(OLGA, 2), PASSWORD).expect(204);
    let by_olga = signed_in(&world, &again);
    assert_eq!(owner(&by_olga)["owner"], user);
    world.replace_owner(&tenant.id, OLGA).problem(409, "conflict");
    let operations = world.operator().get("/operators/audit").send().expect(200);
    let replaced = json!({ "kind": "replaceOwner", "user": user });
    assert_eq!(items(&operations["items"]).iter().filter(|row| row["action"] == replaced).count(), 3);
}

#[test]
fn the_last_one_who_was_invited_and_is_an_admin_still_gets_another_link() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (_, otto) = (invited(&world, &tenant, OLGA), invited(&world, &tenant, OTTO).0);
    world.replace_owner(&tenant.id, OLGA).problem(409, "conflict");
    assert_eq!(world.replace_owner(&tenant.id, OTTO).expect(201)["id"], otto);
    // Else the link would make nobody the owner.
    set_roles(&tenant.admin, &tenant.admin.user(otto.as_str().unwrap()), &["member"]).expect(200);
    world.replace_owner(&tenant.id, OTTO).problem(409, "conflict");
}

#[test]
fn a_taken_address_an_unknown_tenant_and_who_may_not_are_refused() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.replace_owner(&tenant.id, &tenant.email).problem(409, "conflict");
    world.replace_owner("ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d", OLGA).problem(404, "not-found");
    let body = json!({ "name": "Olga Owner", "email": OLGA });
    let path = format!("/tenants/{}/owner", tenant.id);
    world.operator_as("operator-read").post(&path, &body).send().gateway_refusal(403, "Forbidden");
    let keyed = || world.operator().post(&path, &body).header("idempotency-key", "one").send();
    let first = keyed().expect(201);
    let again = keyed();
    assert_eq!((again.expect(201), again.header("idempotency-replayed")), (first, Some("true")));
    world.mailed_token(OLGA, 0);
    world.wait_until_consumed();
    assert_eq!(world.mailed_tokens(OLGA).len(), 1);
    assert!(!world.scan_registry().iter().any(|row| row.to_string().contains(OLGA)));
    // An admin invites the same person again, as an admin.
    let token = {
        let path = format!("/users/{}/invitation", client::id(&again.json()));
        tenant.admin.post_empty(&path).send().expect(202);
        world.mailed_token(OLGA, 1)
    };
    refuse(&take(&world, &token, PASSWORD));
    accept(&world, &token, PASSWORD).expect(204);
    assert_eq!(owner(&tenant.admin)["owner"], json!(tenant.admin_id));
}
