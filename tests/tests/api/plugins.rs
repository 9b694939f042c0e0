//! Plugins: what a tenant activates, configures and leaves.

use client::{Http, eventually, id, items};
use serde_json::{Value, json};
use tests::comment_steps::{comment_on, comments_of, live_post};
use tests::journey::assert_one_won;
use tests::plugin_steps::{COMMENTS, age, set_active};
use tests::{Tenant, World};

pub(super) fn state(admin: &Http) -> Value {
    admin.get(COMMENTS).send().expect(200)
}

/// The admin, in a session that no authorizer has seen.
pub(super) fn anew(world: &World, tenant: &Tenant) -> Http {
    Http::clone(&tenant.signed_in_anew(&world.anonymous()).admin)
}

/// A tenant with a post that is commented on.
pub(super) fn commented(world: &World, slug: &str) -> (Tenant, Value) {
    let tenant = world.tenant(slug);
    set_active(&tenant.admin, true);
    let client = anew(world, &tenant);
    let post = live_post(&client, "What we have learned");
    for text in ["First!", "Second."] {
        comment_on(&client, &post, text).send().expect(201);
    }
    world.wait_until_consumed();
    (tenant, post)
}

#[test]
fn all_plugins_are_listed_with_what_the_tenant_has_of_each() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let listed = tenant.admin.get("/plugins").send();
    let list = listed.expect(200);
    assert!(listed.header("etag").unwrap().starts_with("\"1."), "the version of the tenant's profile");
    let [plugin] = items(&list["items"]) else { panic!("one plugin in {list}") };
    assert_eq!(
        (&plugin["name"], &plugin["active"], &plugin["feature"]),
        (&json!("comments"), &json!(false), &json!("comments"))
    );
    assert_eq!((&plugin["installed"], &plugin["since"]), (&Value::Null, &Value::Null));
    let permissions = items(&plugin["permissions"]);
    assert!(!permissions.is_empty());
    for permission in permissions {
        assert!(permission["permission"].as_str().unwrap().starts_with("comments:"), "{permission}");
        assert!(items(&permission["roles"]).contains(&json!("admin")), "{permission}");
    }
    let shown = state(&tenant.admin);
    assert_eq!(shown["schema"]["additionalProperties"], false);
    // What is in force is what the form says as its defaults.
    for (name, value) in shown["configuration"].as_object().unwrap() {
        let default = &shown["schema"]["properties"][name]["default"];
        assert!(default.is_null() || default == value, "{name}: {default} and {value}");
    }
    tenant.admin.get("/plugins/unheard").send().problem(404, "not-found");
    tenant.admin.get("/plugins/Un%20heard").send().problem(422, "validation");
    let member = tenant.member(&world.anonymous(), "Mel");
    member.get("/plugins").send().problem(403, "forbidden");
}

#[test]
fn a_plugin_is_activated_and_deactivated_at_a_known_version() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (inactive, change) = (state(&tenant.admin), json!({ "active": true }));
    tenant.admin.put(COMMENTS, &change).send().problem(428, "precondition-required");
    let active = tenant.admin.put(COMMENTS, &change).if_match(&inactive).send().expect(200);
    assert_eq!((&active["active"], &active["version"]), (&json!(true), &json!(2)));
    assert_eq!(active["installed"], active["release"]);
    assert!(active["since"].is_string());
    tenant.admin.put(COMMENTS, &change).if_match(&inactive).send().problem(412, "precondition-failed");
    // It is so already: nothing happens.
    let again = tenant.admin.put(COMMENTS, &change).if_match(&active).send().expect(200);
    assert_eq!(again, active);
    let left = tenant.admin.put(COMMENTS, &json!({ "active": false })).if_match(&active).send().expect(200);
    assert_eq!((&left["active"], &left["version"]), (&json!(false), &json!(3)));
    assert_eq!(left["installed"], active["installed"]);
    assert_eq!(state(&tenant.admin), left);
    let told = eventually("the audit tells it", || {
        let audit = anew(&world, &tenant).get("/audit").send().expect(200);
        let types = items(&audit["items"]).iter().map(|row| row["kind"].clone());
        let types: Vec<Value> =
            types.filter(|name| name.as_str().is_some_and(|name| name.starts_with("plugin."))).collect();
        (types.len() == 2).then_some(types)
    });
    assert_eq!(told, ["plugin.deactivated", "plugin.activated"]);
}

#[test]
fn of_two_changes_at_the_same_moment_one_wins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let known = state(&tenant.admin);
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let put = |body: Value| {
            let (admin, known) = (&tenant.admin, &known);
            scope.spawn(move || admin.put(COMMENTS, &body).if_match(known).send().status)
        };
        let bodies = [json!({ "active": true }), json!({ "active": false, "configuration": {} })];
        bodies.map(put).into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_one_won(&mut statuses);
    assert_eq!(state(&tenant.admin)["version"], 2);
}

#[test]
fn routes_of_a_plugin_are_there_while_it_is_active() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let before = anew(&world, &tenant);
    let post = live_post(&before, "What we have learned");
    let gone = before.get(&comments_of(&post)).send().problem(404, "not-found");
    let detail =
        "The plugin comments is not active in your tenant; ask its owner or an admin to activate it.";
    assert_eq!(gone["detail"], detail);
    comment_on(&before, &post, "First!").send().problem(404, "not-found");
    set_active(&tenant.admin, true);
    // The gateway keeps what it was told of a token for less than a minute.
    let active = anew(&world, &tenant);
    active.get(&comments_of(&post)).send().expect(200);
    comment_on(&active, &post, "First!").send().expect(201);
    set_active(&tenant.admin, false);
    let left = anew(&world, &tenant);
    left.get(&comments_of(&post)).send().problem(404, "not-found");
    comment_on(&left, &post, "Second.").send().problem(404, "not-found");
    // What was there is there again.
    set_active(&tenant.admin, true);
    let again = anew(&world, &tenant).get(&comments_of(&post)).send().expect(200);
    assert!(again.to_string().contains("First!"), "{again}");
    // Another tenant is not asked.
    let other = world.tenant("globex");
    anew(&world, &other).get("/comments").send().problem(404, "not-found");
}

#[test]
fn a_tier_without_the_feature_has_no_comments() {
    let world = World::start();
    let tenant = world.tenant_of_tier("acme", "free");
    let known = state(&tenant.admin);
    let refused = tenant.admin.put(COMMENTS, &json!({ "active": true })).if_match(&known).send();
    let refused = refused.problem(403, "feature-not-included");
    assert!(refused["detail"].as_str().unwrap().contains("the feature comments"), "{refused}");
    assert_eq!(state(&tenant.admin), known);
    world.change_terms(&tenant.id, &json!({ "features": { "comments": true } })).expect(200);
    let client = anew(&world, &tenant);
    set_active(&client, true);
    anew(&world, &tenant).get("/comments").send().expect(200);
    world.change_terms(&tenant.id, &json!({ "features": { "comments": null } })).expect(200);
    let without = anew(&world, &tenant);
    without.get("/comments").send().problem(403, "feature-not-included");
    // It can be left all the same.
    assert_eq!(set_active(&without, false)["active"], false);
}

#[test]
fn a_configuration_is_kept_whole_and_all_that_is_broken_is_named() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let defaults = state(&tenant.admin);
    let put = |known: &Value, configuration: &Value| {
        let body = json!({ "active": false, "configuration": configuration });
        tenant.admin.put(COMMENTS, &body).if_match(known).send()
    };
    let set = put(&defaults, &json!({ "premoderation": true, "blockedWords": ["spam"] })).expect(200);
    assert_eq!(set["configuration"]["blockedWords"], json!(["spam"]));
    let members =
        |shown: &Value| shown["configuration"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&set), members(&defaults), "what was left out has its default");
    assert_eq!(state(&tenant.admin), set);
    // Without it, it stays.
    let active = tenant.admin.put(COMMENTS, &json!({ "active": true })).if_match(&set).send().expect(200);
    assert_eq!(active["configuration"], set["configuration"]);
    let broken = json!({ "premoderation": "yes", "blockedWords": ["spam", 7], "colour": "red" });
    let refused = put(&active, &broken).problem(422, "validation");
    let mut fields: Vec<&str> =
        items(&refused["errors"]).iter().map(|one| one["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        ["/configuration/blockedWords/1", "/configuration/colour", "/configuration/premoderation"]
    );
    for other in [json!(null), json!([]), json!("{}"), json!(7)] {
        assert_eq!(
            put(&active, &other).problem(422, "validation")["errors"][0]["field"],
            "/configuration",
            "{other}"
        );
    }
    let large = put(&active, &json!({ "blockedWords": ["x".repeat(100 * 1024)] })).problem(422, "validation");
    assert_eq!(
        large["errors"][0],
        json!({ "field": "/configuration", "rule": "must be at most 16384 bytes long" })
    );
    put(&set, &json!({})).problem(412, "precondition-failed");
    assert_eq!(state(&tenant.admin), active);
    // The events name the plugin alone.
    let text = world.committed().iter().map(Value::to_string).collect::<String>();
    assert!(text.contains("plugin.configured") && !text.contains("blockedWords"), "{text}");
}

/// What no version can read would shut the way to mend it.
#[test]
fn a_stored_configuration_that_cannot_be_read_is_replaced_and_left() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let put = |known: &Value, body: Value| tenant.admin.put(COMMENTS, &body).if_match(known).send();
    let set = put(&state(&tenant.admin), json!({ "active": false, "configuration": {} })).expect(200);
    let partition = format!("T#{}#plugins", tenant.id);
    let mut stored = world.scan().into_iter().find(|row| row["pk"]["S"] == partition).unwrap();
    let mut plant = |version: u32, document: &Value| {
        stored["doc"]["S"] = json!(json!({ "schemaVersion": version, "document": document }).to_string());
        world.put_row(&stored);
    };
    let broken = json!({ "blockedWords": 7 });
    plant(1, &broken);
    let shown = state(&tenant.admin);
    assert_eq!((shown["configuration"].as_object(), &shown["version"]), (None, &set["version"]));
    let refused = put(&shown, json!({ "active": true })).problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().ends_with("send another one with it."), "{refused}");
    let words = json!({ "blockedWords": ["spam"] });
    let active = put(&shown, json!({ "active": true, "configuration": words })).expect(200);
    assert_eq!(active["configuration"]["blockedWords"], words["blockedWords"]);
    assert_eq!(state(&tenant.admin), active);
    // A newer form waits for the deploy, and it, too, can be left and erased.
    plant(99, &broken);
    tenant.admin.get(COMMENTS).send().problem(503, "unavailable");
    let left = put(&active, json!({ "active": false })).expect(200);
    assert_eq!((&left["active"], &left["configuration"]), (&json!(false), &Value::Null));
    age(&world, &tenant.id);
    let purge = tenant.admin.delete("/plugins/comments/data?confirm=comments");
    assert!(purge.if_match(&left).send().expect(202)["purgedSince"].is_string());
}

#[test]
fn how_a_consumer_has_failed_last_is_shown_with_its_plugin() {
    let world = World::start();
    let (tenant, post) = commented(&world, "acme");
    assert_eq!(state(&tenant.admin)["lastFailure"], Value::Null);
    let thread = format!("T#{}#comments#{}", tenant.id, id(&post));
    for action in ["Query", "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "TransactWriteItems"] {
        world.fail(action, &thread);
    }
    tests::post_steps::delete(&tenant.admin, &post).send().expect(204);
    let failed = eventually("the failure is noted", || {
        Some(state(&tenant.admin)["lastFailure"].clone()).filter(|failure| !failure.is_null())
    });
    assert_eq!(
        (&failed["consumer"], &failed["type"], &failed["isFinal"]),
        (&json!("follow-comments"), &json!("post.deleted"), &json!(false))
    );
    assert!(failed["event"].as_str().unwrap().starts_with("evt_"), "{failed}");
    let list = tenant.admin.get("/plugins").send().expect(200);
    assert_eq!(list["items"][0]["lastFailure"]["event"], failed["event"]);
    world.clear_faults();
}
