//! What is known of a person: shown, changed and cleared, and what it is good for.

use client::{Response, eventually, id, items};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::World;
use tests::journey::PASSWORD;

use super::emails::confirm;
use super::invitations::{IDA, accept};
use super::replaced_owners::OLGA;
use super::roles::{registered, role, signed_in};
use crate::notifying::prefer;

fn ada() -> Value {
    json!({ "firstName": "Ada", "lastName": "King", "locale": "de", "timeZone": "Europe/London" })
}

fn patch_me(by: &client::Member, known: &Value, changes: &Value) -> Response {
    by.patch("/me", changes).if_match(known).send()
}

fn has(view: &Value, members: &Value) -> bool {
    members.as_object().unwrap().iter().all(|(name, value)| view[name] == *value)
}

#[test]
fn a_person_is_changed_shown_everywhere_and_cleared() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let changed = patch_me(&member, &member.me(), &ada()).expect(200);
    assert!(has(&changed, &ada()), "{changed}");
    assert_eq!((&changed["name"], &changed["version"]), (&json!("Max Member"), &json!(2)));
    let shown = tenant.admin.user(&member.id);
    assert_eq!(shown, member.me());
    assert!(has(&shown, &ada()), "{shown}");
    let listed = tenant.admin.get("/users?q=max").send().expect(200);
    let listed = items(&listed["items"]).iter().map(|user| (&user["id"], &user["version"]));
    assert_eq!(listed.collect::<Vec<_>>(), [(&shown["id"], &shown["version"])]);

    // Who manages users changes the same, and what is left out stays.
    let zone = json!({ "timeZone": "America/New_York" });
    let moved = tenant.admin.update_user(&shown, &zone).expect(200);
    assert!(has(&moved, &zone) && moved["locale"] == "de", "{moved}");
    let nothing = json!({ "firstName": null, "lastName": null, "locale": null, "timeZone": null });
    let cleared = patch_me(&member, &moved, &nothing).expect(200);
    assert!(["firstName", "lastName", "locale", "timeZone"].iter().all(|name| cleared.get(name).is_none()));
    assert_eq!(cleared["name"], "Max Member");
}

#[test]
fn a_person_of_no_form_is_refused_with_all_broken_fields() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let me = member.me();
    let address = "must not look like an address, with @, :/ or a dot within a word";
    let zone = "must be a time zone of the IANA database, like Europe/Berlin";
    let locale = "must be one of: en, de";
    for (changes, errors) in [
        (json!({ "timeZone": "Mars/Olympus" }), json!([{ "field": "/timeZone", "rule": zone }])),
        (json!({ "timeZone": "europe/berlin" }), json!([{ "field": "/timeZone", "rule": zone }])),
        (json!({ "timeZone": 1 }), json!([{ "field": "/timeZone", "rule": "must be a string" }])),
        (json!({ "locale": "tlh" }), json!([{ "field": "/locale", "rule": locale }])),
        (json!({ "name": null }), json!([{ "field": "/name", "rule": "must be a string" }])),
        (
            json!({ "firstName": "www.evil.example", "lastName": "eve@evil", "name": "https://evil.example" }),
            json!([
                { "field": "/firstName", "rule": address },
                { "field": "/lastName", "rule": address },
                { "field": "/name", "rule": address },
            ]),
        ),
    ] {
        for refused in [patch_me(&member, &me, &changes), tenant.admin.update_user(&me, &changes)] {
            assert_eq!(refused.problem(422, "validation")["errors"], errors, "{changes}");
        }
    }
    let eve = json!({ "name": "evil.example", "email": "eve@acme.example", "roles": ["member"], "password": PASSWORD });
    tenant.admin.post("/users", &eve).send().problem(422, "validation");
    assert_eq!(member.me(), me);
}

#[test]
fn an_account_says_when_it_was_made_and_last_used_and_signing_in_changes_no_version() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let time = |value: &Value| value.as_str().unwrap().parse::<Timestamp>().unwrap();
    let is_now = |at: Timestamp| at.duration_until(Timestamp::now()).abs() < SignedDuration::from_mins(1);
    let new = tenant.admin.register("Max", &tenant.address("Max"), "member", PASSWORD).expect(201);
    assert!(is_now(time(&new["createdAt"])), "{new}");
    let path = format!("/users/{}", id(&new));
    let shown = || tenant.admin.get(&path).send();
    let before = shown();
    assert_eq!(before.expect(200).get("lastSignInAt"), None);
    let member = world.anonymous().member("acme", &new, PASSWORD);
    let after = shown();
    let first = time(&after.expect(200)["lastSignInAt"]);
    assert!(is_now(first));
    assert_ne!(before.header("etag"), after.header("etag"), "the answer is another one");
    assert_eq!(after.expect(200)["version"], 1);
    // A tag from before the sign-in still names the user's version.
    let tag = before.header("etag").unwrap();
    tenant.admin.patch(&path, &json!({ "name": "Maxine" })).header("if-match", tag).send().expect(200);
    world.anonymous().log_in("acme", &member.email, "a wrong password").problem(401, "unauthorized");
    assert_eq!(time(&member.get("/me").send().expect(200)["lastSignInAt"]), first);
    world.anonymous().log_in("acme", &member.email, PASSWORD).expect(201);
    assert!(time(&member.get("/me").send().expect(200)["lastSignInAt"]) > first);
}

/// Names, addresses and fields take power to change, whichever they are.
#[test]
fn a_person_above_one_s_own_power_is_not_changed() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let personnel = role(&tenant, "Personnel", &["users:read", "users:manage"]);
    let eve = signed_in(&world, &registered(&tenant, "Eve", &["member", &personnel]));
    let owner = tenant.admin.me();
    for change in [json!({ "timeZone": "UTC" }), json!({ "locale": null }), json!({ "lastName": "Mine" })] {
        eve.update_user(&owner, &change).problem(403, "forbidden");
    }
    assert_eq!(tenant.admin.me(), owner);
}

fn wait_for_mail(world: &World, to: &str, subject: &str) {
    eventually(subject, || {
        let mut mails = world.cloud().mailbox().into_iter();
        mails.any(|mail| mail.to == [to] && mail.subject == subject).then_some(())
    });
}

#[test]
fn mails_are_in_the_language_of_the_user() {
    const NEW: &str = "countess@acme.example";
    let world = World::start();
    let tenant = world.tenant("acme");
    let old = &tenant.email;
    let german = json!({ "locale": "de" });
    tenant.admin.patch("/me", &german).if_match(&tenant.admin.me()).send().expect(200);
    world.ask_for_reset("acme", old).expect(202);
    wait_for_mail(&world, old, "Neues Passwort wählen");
    prefer(&tenant.admin, "orderConfirmed", false, true);
    let order = tenant.admin.confirm(&tenant.order()).expect(200);
    wait_for_mail(&world, old, &format!("Bestellung {} ist bestätigt", id(&order)));
    tenant.admin.change_email(NEW, PASSWORD).expect(202);
    let token = world.mailed_token(NEW, 0);
    wait_for_mail(&world, NEW, "E-Mail-Adresse bestätigen");
    confirm(&world, &token).expect(204);
    wait_for_mail(&world, old, "Ihre E-Mail-Adresse wurde geändert");
    tenant.admin.change_password(PASSWORD, "another good password").expect(204);
    wait_for_mail(&world, NEW, "Ihr Passwort wurde geändert");
}

/// Whoever is invited gets the first mail before anybody can say in which language.
#[test]
fn mails_to_the_invited_are_in_the_language_that_is_chosen_for_them() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let german = |user: &str| {
        let known = tenant.admin.user(user);
        tenant.admin.update_user(&known, &json!({ "locale": "de" })).expect(200);
    };
    let ida = tenant.invite("Ida", IDA, &["member"]);
    world.mailed_token(IDA, 0);
    german(&ida);
    tenant.admin.post_empty(&format!("/users/{ida}/invitation")).send().expect(202);
    let token = world.mailed_token(IDA, 1);
    wait_for_mail(&world, IDA, "Einladung zu Terrace");
    accept(&world, &token, PASSWORD).expect(204);
    wait_for_mail(&world, IDA, "Willkommen bei Terrace");
    let olga = world.replace_owner(&tenant.id, OLGA).expect(201);
    world.mailed_token(OLGA, 0);
    german(id(&olga));
    world.replace_owner(&tenant.id, OLGA).expect(201);
    wait_for_mail(&world, OLGA, "Sie sollen einen Mandanten übernehmen");
}
