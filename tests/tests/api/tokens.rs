//! Access tokens are verified with the published key, and by the user that they name.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use tests::{Tenant, World};

fn part(token: &str, number: usize) -> Value {
    let part = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[test]
fn a_token_is_verified_by_the_published_key() {
    let world = World::start();
    let token = world.tenant("acme").token;
    let answer = world.anonymous().get("/.well-known/jwks.json").send();
    let keys = answer.expect(200);
    let key = &keys["keys"][0];
    let members = json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256",
        "x": key["x"], "y": key["y"], "kid": part(&token, 0)["kid"],
    });
    assert_eq!(keys, json!({ "keys": [members] }));
    assert!(answer.header("etag").is_some() && !answer.text().contains("\"d\""));

    let coordinate = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = Signature::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
    key.verify(signed.as_bytes(), &signature).unwrap();
    key.verify(&signed.as_bytes()[1..], &signature).unwrap_err();
}

/// The admin's token with changed claims, signed with the real key.
fn signed(world: &World, tenant: &Tenant, changes: &[(&str, Value)]) -> String {
    let (header, mut claims) = (part(&tenant.token, 0), part(&tenant.token, 1));
    for (name, value) in changes {
        claims[*name] = value.clone();
    }
    let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    let input = format!("{}.{}", encode(&header), encode(&claims));
    let der = BASE64_STANDARD
        .decode(world.signature_by(&world.signing_keys()[0], &BASE64_STANDARD.encode(&input)))
        .unwrap();
    let signature = Signature::from_der(&der).unwrap();
    format!("{input}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

#[test]
fn a_signed_token_counts_until_its_end_and_for_a_user_of_its_tenant() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let get_me = |token: &str| world.anonymous().bearing(token).get("/me").send();
    let good = signed(&world, &acme, &[("exp", json!(now + 60)), ("role", json!("member"))]);
    assert_eq!(get_me(&good).expect(200)["roles"], json!(["admin"]), "the stored roles count");
    for refused in [
        &[("exp", json!(now - 1))][..],
        &[("pwd", json!("2026-03-04T05:06:07.089Z"))],
        &[("tid", json!(globex.id))],
        &[("sub", json!(globex.admin_id))],
        &[("sid", json!("ses_x"))],
        &[("sid", Value::Null)],
        &[("sub", json!(format!("usr_{}", "0".repeat(32))))],
        &[("aud", json!("another"))],
    ] {
        get_me(&signed(&world, &acme, refused)).gateway_refusal(403, "Forbidden");
    }
}

#[test]
fn a_user_who_cannot_be_read_is_an_error_and_not_refused() {
    let world = World::start();
    let tenant = world.tenant("acme");
    world.fail("BatchGetItem", &format!("T#{}#user#", tenant.id));
    tenant.admin.get("/me").send().gateway_refusal(500, "Internal Server Error");
    world.clear_faults();
    tenant.admin.me();
}
