//! Whoever a tenant admits registers, and is a user once the mailbox has confirmed it; and nothing tells who is one already.

use client::{Response, eventually, id};
use serde_json::{Value, json};
use tests::journey::PASSWORD;
use tests::{Tenant, World};

use super::guessing::calls;
use super::invitations::{accept, invite, refuse};
use super::roles::signed_in;

const REA: &str = "rea@acme.example";

fn verify(world: &World, token: &str, password: &str) -> Response {
    let body = json!({ "token": token, "password": password });
    world.anonymous().post("/registrations/verification", &body).send()
}

fn open(world: &World) -> Tenant {
    let tenant = world.tenant("acme");
    tenant.admit(&json!({ "mode": "open" })).expect(200);
    tenant
}

fn signs_in(world: &World, email: &str, password: &str) -> bool {
    world.anonymous().log_in("acme", email, password).status == 201
}

/// The newest user with this address, as the register lists them.
fn listed(tenant: &Tenant, email: &str) -> Option<Value> {
    let page = tenant.admin.get(&format!("/users?filter=email:{email}&sort=-createdAt")).send().expect(200);
    page["items"].as_array().unwrap().first().cloned()
}

#[test]
fn who_registers_confirms_the_address_and_is_a_member() {
    let world = World::start();
    let tenant = open(&world);
    assert_eq!(world.register("acme", REA).expect(202), json!({ "expiresIn": 1800 }));
    let pending = listed(&tenant, REA).unwrap();
    assert_eq!((&pending["status"], &pending["roles"]), (&json!("pendingVerification"), &json!(["member"])));
    let token = world.mailed_token(REA, 0);
    let mail = world.cloud().mailbox().into_iter().find(|mail| mail.text.contains(&token)).unwrap();
    for part in [&mail.text, &mail.html.unwrap()] {
        assert!(part.contains(&format!("http://localhost:5173/registration#{token}")), "{part}");
        assert!(part.contains("acme") && !part.contains("Rea"), "{part}");
    }
    assert!(!signs_in(&world, REA, PASSWORD));
    verify(&world, &token, "short").problem(422, "validation");
    verify(&world, &token, PASSWORD).expect(204);
    assert!(signs_in(&world, REA, PASSWORD));
    let active = tenant.admin.user(id(&pending));
    assert_eq!((&active["status"], &active["roles"]), (&json!("active"), &json!(["member"])));
    refuse(&verify(&world, &token, PASSWORD));
    world.wait_until_consumed();
    let rows = world.scan().into_iter();
    let kept = rows.filter(|row| row.to_string().contains(REA) && row.get("expiresAt").is_some());
    assert_eq!(kept.count(), 0, "what says who it is stays");
    eventually("the user is welcomed", || {
        let mails = world.cloud().mailbox();
        mails.iter().any(|mail| mail.to == [REA] && mail.subject.contains("Welcome")).then_some(())
    });
}

#[test]
fn a_tenant_admits_nobody_addresses_of_its_domains_or_everybody() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let closed = world.register("acme", REA).problem(403, "forbidden");
    let unknown = world.register("nobody", REA).problem(403, "forbidden");
    assert_eq!(closed["detail"], unknown["detail"]);
    assert_eq!(tenant.admin.get("/tenant").send().expect(200)["registration"], json!({ "mode": "closed" }));
    let domains = json!({ "mode": "domains", "domains": ["acme.example"] });
    assert_eq!(tenant.admit(&domains).expect(200)["registration"], domains);
    for other in ["rea@evil.example", "rea@eu.acme.example", "rea@acme.example.evil"] {
        let refused = world.register("acme", other).problem(422, "validation");
        assert_eq!(refused["errors"][0]["field"], "/email", "{other}");
    }
    world.register("acme", "REA@ACME.example").expect(202);
    for bad in [json!({ "mode": "domains" }), json!({ "mode": "open", "domains": ["acme.example"] })] {
        assert_eq!(tenant.admit(&bad).problem(422, "validation")["errors"][0]["field"], "/domains");
    }
    for name in ["https://evil.example", "www.evil.example", "evil.example"] {
        let body = json!({ "tenant": "acme", "email": REA, "name": name });
        let refused = world.anonymous().post("/registrations", &body).send().problem(422, "validation");
        assert_eq!(refused["errors"][0]["field"], "/name", "{name}");
    }
    // What a tenant admits is the owner's to say.
    let admin = tenant.admin.register("Abe", "abe@acme.example", "admin", PASSWORD).expect(201);
    let known = tenant.admin.get("/tenant").send().expect(200);
    let by_admin = signed_in(&world, &admin);
    let open = by_admin.put("/tenant/registration", &json!({ "mode": "open" })).if_match(&known);
    open.send().problem(403, "forbidden");
    // It is closed before the link is redeemed.
    let token = world.mailed_token(REA, 0);
    tenant.admit(&json!({ "mode": "closed" })).expect(200);
    refuse(&verify(&world, &token, PASSWORD));
    tenant.admit(&json!({ "mode": "open" })).expect(200);
    world.suspend(&tenant.id);
    world.register("acme", "other@acme.example").problem(403, "forbidden");
    refuse(&verify(&world, &token, PASSWORD));
    world.resume(&tenant.id);
    verify(&world, &token, PASSWORD).expect(204);
}

/// Addresses that are somebody's, and get no link.
fn with_known(world: &World) -> (Tenant, [&'static str; 3]) {
    let tenant = open(world);
    let gone = tenant.admin.register("Gone", "gone@acme.example", "member", PASSWORD).expect(201);
    tenant.admin.deactivate(&gone).expect(200);
    tenant.invite("Ida", "ida@acme.example", &["member"]);
    world.mailed_token("ida@acme.example", 0);
    world.wait_until_consumed();
    (tenant, ["ada@acme.example", "gone@acme.example", "ida@acme.example"])
}

#[test]
fn the_answer_and_the_work_do_not_tell_whether_an_address_is_known() {
    let world = World::start();
    world.suspend(id(&world.onboard("closed")));
    world.onboard("shut");
    // It waits for a mail of what is committed last.
    let (_, known) = with_known(&world);
    // Consumers make calls, too.
    world.cloud().set_enabled("RelayEventsFunction", false).unwrap();
    let register = |slug: &str, email: &str, status: u16| {
        calls(&world, || assert_eq!(world.register(slug, email).status, status))
    };
    let fresh = register("acme", REA, 202);
    assert!(fresh.len() > 8, "{fresh:?}");
    for email in known {
        assert_eq!(register("acme", email, 202), fresh, "{email}");
    }
    let refused = register("shut", REA, 403);
    for (slug, email) in [("shut", "ada@shut.example"), ("nobody", REA), ("closed", "ada@closed.example")] {
        assert_eq!(register(slug, email, 403), refused, "{slug} {email}");
    }
}

/// Rows of a known address are nobody else's, and no transaction is in their way.
#[test]
fn registrations_at_once_do_not_tell_that_an_address_is_free() {
    let world = World::start();
    let (tenant, [known, ..]) = with_known(&world);
    world.conflict(&format!("T#{}#directory", tenant.id), cloud::Times::Always);
    for email in [known, REA] {
        assert_eq!(world.register("acme", email).expect(202), json!({ "expiresIn": 1800 }), "{email}");
    }
}

#[test]
fn a_known_address_is_left_alone_and_too_many_requests_wait_alike() {
    let world = World::start();
    let (tenant, known) = with_known(&world);
    let before: Vec<Value> = known.iter().map(|email| listed(&tenant, email).unwrap()).collect();
    for email in known.into_iter().chain([REA]) {
        // A window of counting may end in between.
        let refused = (0..=6).map(|_| world.register("acme", email)).find(|answer| answer.status == 429);
        let refused = refused.unwrap_or_else(|| panic!("{email} may be registered without end"));
        refused.problem(429, "too-many-requests");
    }
    eventually("mails to the one who is new", || (world.mailed_tokens(REA).len() >= 3).then_some(()));
    world.wait_until_consumed();
    let after: Vec<Value> = known.iter().map(|email| listed(&tenant, email).unwrap()).collect();
    assert_eq!(after, before);
    let mailed: Vec<usize> = known.iter().map(|email| world.mailed_tokens(email).len()).collect();
    assert_eq!(mailed, [0, 0, 1], "the invitation");
    assert!(signs_in(&world, "ada@acme.example", PASSWORD));
}

/// Whoever has registered with somebody else's address has no account, and is in nobody's way.
#[test]
fn who_never_comes_back_blocks_neither_a_registration_nor_an_invitation() {
    let world = World::start();
    let tenant = open(&world);
    world.register("acme", REA).expect(202);
    let first = world.mailed_token(REA, 0);
    let strangers = listed(&tenant, REA).unwrap();
    world.register("acme", REA).expect(202);
    let second = world.mailed_token(REA, 1);
    refuse(&verify(&world, &first, "a password of a stranger"));
    assert_ne!(listed(&tenant, REA).unwrap()["id"], strangers["id"]);
    let invited = invite(&tenant.admin, "Rea", REA, &["editor"]);
    assert!(invited["user"].is_string(), "{invited}");
    refuse(&verify(&world, &second, "a password of a stranger"));
    accept(&world, &world.mailed_token(REA, 2), PASSWORD).expect(204);
    assert!(signs_in(&world, REA, PASSWORD));
    assert_eq!(listed(&tenant, REA).unwrap()["roles"], json!(["editor"]));
    // All that is left of the strangers expires.
    world.wait_until_consumed();
    let rows = world.scan().into_iter();
    let left = rows.filter(|row| row["pk"]["S"].as_str().unwrap().contains(id(&strangers)));
    let left: Vec<Value> = left.filter(|row| !row["pk"]["S"].as_str().unwrap().contains("#audit")).collect();
    assert!(!left.is_empty() && left.iter().all(|row| row.get("expiresAt").is_some()), "{left:?}");
    // A user who has the address keeps it, also when who had it before is deleted.
    world.register("acme", REA).expect(202);
    tenant.admin.delete_user(&tenant.admin.user(id(&strangers))).expect(204);
    tenant.admin.get(&format!("/users/{}", id(&strangers))).send().problem(404, "not-found");
    assert!(signs_in(&world, REA, PASSWORD));
}

#[test]
fn who_has_registered_is_deleted_also_where_somebody_else_has_got_the_address() {
    let world = World::start();
    let tenant = open(&world);
    world.register("acme", REA).expect(202);
    world.mailed_token(REA, 0);
    let strangers = listed(&tenant, REA).unwrap();
    invite(&tenant.admin, "Rea", REA, &["editor"]);
    let token = world.mailed_token(REA, 1);
    tenant.admin.delete_user(&tenant.admin.user(id(&strangers))).expect(204);
    tenant.admin.get(&format!("/users/{}", id(&strangers))).send().problem(404, "not-found");
    accept(&world, &token, PASSWORD).expect(204);
    assert!(signs_in(&world, REA, PASSWORD), "the other one has the address still");
    // And one whose address is nobody else's, with it.
    world.register("acme", "ria@acme.example").expect(202);
    let pending = listed(&tenant, "ria@acme.example").unwrap();
    tenant.admin.delete_user(&tenant.admin.user(id(&pending))).expect(204);
    tenant.admin.register("Ria", "ria@acme.example", "member", PASSWORD).expect(201);
}

#[test]
fn a_full_tenant_says_whom_to_ask_and_the_link_stays_good() {
    let world = World::start();
    let tenant = open(&world);
    world.change_terms(&tenant.id, &json!({ "limits": { "users": 2 } })).expect(200);
    let member = tenant.admin.register("Max", "max@acme.example", "member", PASSWORD).expect(201);
    // Who has confirmed nothing takes no seat.
    world.register("acme", REA).expect(202);
    let token = world.mailed_token(REA, 0);
    let refused = verify(&world, &token, PASSWORD).problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("ask one of its admins"), "{refused}");
    tenant.admin.deactivate(&member).expect(200);
    verify(&world, &token, PASSWORD).expect(204);
    assert!(signs_in(&world, REA, PASSWORD));
}

#[test]
fn a_token_that_is_not_good_has_one_answer() {
    let world = World::start();
    let tenant = open(&world);
    world.register("acme", REA).expect(202);
    let good = world.mailed_token(REA, 0);
    tenant.invite("Ida", "ida@acme.example", &["member"]);
    let invitation = world.mailed_token("ida@acme.example", 0);
    let reset = world.reset_token("acme", &tenant.email);
    world.tenant("globex");
    for bad in [&good[..good.len() - 1], &good.replace("acme", "globex"), &invitation, &reset] {
        refuse(&verify(&world, bad, PASSWORD));
    }
    refuse(&accept(&world, &good, PASSWORD));
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let (world, good) = (&world, &good);
        let racers: Vec<_> =
            (0..3).map(|_| scope.spawn(move || verify(world, good, PASSWORD).status)).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422, 422]);
    assert_eq!(world.anonymous().log_in("acme", REA, PASSWORD).status, 201);
}
