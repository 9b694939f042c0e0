//! The signing key is replaced while tokens of the older one are in use.

use std::path::PathBuf;

use client::items;
use serde_json::{Value, json};
use tests::{World, workspace};

use super::forge::Forgery;

/// A template with a second key, in whose place the listed keys stand as `SIGNING_KEY_IDS`.
fn with_next_key(listed: &str) -> (tempfile::TempDir, PathBuf) {
    let template = std::fs::read_to_string(workspace::template()).unwrap();
    let (_, key) = template.split_once("  SigningKey:\n").unwrap();
    let (key, _) = key.split_once("  EventBus:\n").unwrap();
    let changed = template
        .replacen("  SigningKey:\n", &format!("  NextSigningKey:\n{key}  SigningKey:\n"), 1)
        .replace("SIGNING_KEY_IDS: !Ref SigningKey\n", &format!("SIGNING_KEY_IDS: {listed}\n"))
        .replace(
            "Resource: !GetAtt SigningKey.Arn}",
            "Resource: [!GetAtt NextSigningKey.Arn, !GetAtt SigningKey.Arn]}",
        );
    assert_eq!(changed.matches("NextSigningKey.Arn").count(), 3, "the boundary, who verifies, and who signs");
    let folder = tempfile::tempdir().unwrap();
    let path = workspace::write_template(folder.path(), &changed);
    (folder, path)
}

/// The ids of the next key and of the key that it replaces.
fn key_ids(world: &World) -> [String; 2] {
    ["NextSigningKey", "SigningKey"].map(|logical_id| {
        let keys = &world.cloud().stack().signing_keys;
        keys.iter().find(|key| key.logical_id == logical_id).unwrap().key_id.clone()
    })
}

fn kid(token: &str) -> Value {
    serde_json::from_str::<Value>(&Forgery::of(token).header).unwrap()["kid"].clone()
}

fn published(world: &World) -> Vec<String> {
    let keys = world.anonymous().get("/.well-known/jwks.json").send().expect(200);
    items(&keys["keys"]).iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_first_key_signs_and_tokens_of_both_count() {
    let (_folder, path) = with_next_key("!Sub \"${NextSigningKey},${SigningKey}\"");
    let world = World::start_with(|options| options.template = path);
    let tenant = world.tenant("acme");
    let [next, current] = key_ids(&world);
    assert_eq!(kid(&tenant.token), next.as_str());
    assert_eq!(published(&world), [next.clone(), current.clone()]);
    let real = Forgery::of(&tenant.token);
    let me = |token: &str| world.anonymous().bearing(token).get("/me").send();
    let older = real.clone().header("kid", json!(current));
    assert_eq!(me(&older.signed(&world, &current)).expect(200)["id"], tenant.admin_id);
    // Each key verifies what it has signed itself.
    me(&older.signed(&world, &next)).gateway_refusal(403, "Forbidden");
    me(&real.signed(&world, &current)).gateway_refusal(403, "Forbidden");
}

#[test]
fn a_key_that_is_no_longer_listed_verifies_nothing() {
    let (_folder, path) = with_next_key("!Ref NextSigningKey");
    let world = World::start_with(|options| options.template = path);
    let tenant = world.tenant("acme");
    let [next, current] = key_ids(&world);
    assert_eq!(published(&world), [next]);
    let older = Forgery::of(&tenant.token).header("kid", json!(current)).signed(&world, &current);
    world.anonymous().bearing(&older).get("/me").send().gateway_refusal(403, "Forbidden");
    tenant.admin.me();
}
