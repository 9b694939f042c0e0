//! What was decided counts for nothing once that which it was decided on has changed: commits are held back meanwhile.

use std::time::Duration;

use client::id;
use serde_json::{Value, json};
use tests::World;
use tests::journey::PASSWORD;

use super::emails::{NEW, ask, confirm};
use super::escalation::{owner, transfer};
use super::invitations::{IDA, accept, invite};
use super::roles::{define, registered, role, set_roles, signed_in};

/// Holds the next commit to these partitions back until `meanwhile` is done, and returns its status.
fn held(
    world: &World,
    partitions: &str,
    commit: impl FnOnce() -> client::Response + Send,
    meanwhile: impl FnOnce(),
) -> u16 {
    world.delay_a_write(partitions, Duration::from_secs(2));
    let status = std::thread::scope(|scope| {
        let commit = scope.spawn(|| commit().status);
        world.wait_until_a_write_is_held();
        meanwhile();
        commit.join().unwrap()
    });
    world.clear_faults();
    status
}

/// What was decided before the demotion is not committed after it.
#[test]
fn a_decision_is_worth_nothing_once_the_actor_was_demoted() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let abe = registered(&tenant, "Abe", &["admin"]);
    let max = registered(&tenant, "Max", &["member"]);
    let by_abe = signed_in(&world, &abe);
    let demote = || drop(set_roles(&tenant.admin, &abe, &["member"]).expect(200));
    let of_max = format!("T#{}#user#{}", tenant.id, id(&max));
    assert_eq!(held(&world, &of_max, || set_roles(&by_abe, &max, &["admin"]), demote), 403);
    assert_eq!(tenant.admin.user(id(&max)), max);

    set_roles(&tenant.admin, &tenant.admin.user(id(&abe)), &["admin"]).expect(200);
    let demote = || drop(set_roles(&tenant.admin, &tenant.admin.user(id(&abe)), &["member"]).expect(200));
    let of_roles = format!("T#{}#roles#", tenant.id);
    assert_eq!(held(&world, &of_roles, || define(&by_abe, "Mine", &["users:manage"]), demote), 403);
}

#[test]
fn an_acceptance_is_worth_nothing_once_the_inviter_was_demoted() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let abe = registered(&tenant, "Abe", &["admin"]);
    let invited = invite(&signed_in(&world, &abe), "Ida", IDA, &["member"]);
    let token = world.mailed_token(IDA, 0);
    let demote = || drop(set_roles(&tenant.admin, &abe, &["member"]).expect(200));
    let of_ida = format!("T#{}#user#{}", tenant.id, invited["user"].as_str().unwrap());
    assert_eq!(held(&world, &of_ida, || accept(&world, &token, PASSWORD), demote), 422);
}

#[test]
fn a_new_address_is_worth_nothing_once_who_asked_for_it_was_demoted() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let abe = registered(&tenant, "Abe", &["admin"]);
    let max = registered(&tenant, "Max", &["member"]);
    ask(&signed_in(&world, &abe), &max, NEW).expect(202);
    let token = world.mailed_token(NEW, 0);
    let demote = || drop(set_roles(&tenant.admin, &abe, &["member"]).expect(200));
    let of_max = format!("T#{}#user#{}", tenant.id, id(&max));
    assert_eq!(held(&world, &of_max, || confirm(&world, &token), demote), 422);
    assert_eq!(tenant.admin.user(id(&max)), max);
}

#[test]
fn a_link_is_worth_nothing_once_a_role_of_who_asked_was_narrowed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let wide = ["users:read", "users:manage", "audit:read"];
    let personnel = role(&tenant, "Personnel", &wide);
    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let eve = signed_in(&world, &registered(&tenant, "Eve", &["member", &personnel]));
    let max = registered(&tenant, "Max", &["member", &auditor]);
    ask(&eve, &max, NEW).expect(202);
    let invited = invite(&eve, "Ida", IDA, &["member", &auditor]);
    let [address, invitation] = [NEW, IDA].map(|email| world.mailed_token(email, 0));
    let permit = |permissions: &[&str]| {
        let known = owner(&tenant.admin);
        let change = json!({ "permissions": permissions });
        let path = format!("/roles/{personnel}");
        tenant.admin.patch(&path, &change).if_match(&known).send().expect(200);
    };
    let narrow = || permit(&wide[..2]);
    let of = |user: &str| format!("T#{}#user#{user}", tenant.id);
    assert_eq!(held(&world, &of(id(&max)), || confirm(&world, &address), narrow), 422);
    permit(&wide);
    let ida = invited["user"].as_str().unwrap();
    assert_eq!(held(&world, &of(ida), || accept(&world, &invitation, PASSWORD), narrow), 422);
    assert_eq!(tenant.admin.user(id(&max)), max);
    assert_eq!(tenant.admin.user(ida)["status"], "invited");
}

#[test]
fn a_decision_is_worth_nothing_once_the_role_book_has_changed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:manage", "audit:read"]);
    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let eve = signed_in(&world, &registered(&tenant, "Eve", &["member", &personnel]));
    let [max, moe] = ["Max", "Moe"].map(|name| registered(&tenant, name, &["member"]));
    let of = |user: &Value| format!("T#{}#user#{}", tenant.id, id(user));

    // Else a user would have a role that is gone.
    let remove = || {
        let path = format!("/roles/{auditor}");
        tenant.admin.delete(&path).if_match(&owner(&tenant.admin)).send().expect(204);
    };
    let give = |user: &Value| set_roles(&tenant.admin, user, &["member", &auditor]);
    assert_eq!(held(&world, &of(&max), || give(&max), remove), 422);

    let auditor = role(&tenant, "Auditor", &["audit:read"]);
    let narrow = || {
        let change = json!({ "permissions": ["users:manage"] });
        let path = format!("/roles/{personnel}");
        tenant.admin.patch(&path, &change).if_match(&owner(&tenant.admin)).send().expect(200);
    };
    let give = || set_roles(&eve, &moe, &["member", &auditor]);
    assert_eq!(held(&world, &of(&moe), give, narrow), 403);
    for user in [&max, &moe] {
        assert_eq!(tenant.admin.user(id(user)), *user);
    }
}

#[test]
fn nobody_becomes_the_owner_who_was_demoted_meanwhile() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let heir = registered(&tenant, "Heir", &["admin"]);
    let abe = signed_in(&world, &registered(&tenant, "Abe", &["admin"]));
    let known = owner(&tenant.admin);
    let demote = || drop(set_roles(&abe, &heir, &["member"]).expect(200));
    let of_roles = format!("T#{}#roles#", tenant.id);
    assert_eq!(held(&world, &of_roles, || transfer(&tenant.admin, &known, &heir), demote), 409);
    assert_eq!(owner(&abe), known);
}
