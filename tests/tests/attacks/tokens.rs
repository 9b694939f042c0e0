//! Tokens that are forged, spoilt, foreign, or not of this time.

use base64::Engine;
use base64::prelude::{BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD as BASE64};
use client::{Response, eventually};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::{EncodePublicKey, LineEnding};
use serde_json::{Value, json};
use tests::World;

use super::assert_no_function_failed;
use super::forge::{Forgery, decoded, now};

fn get_me(world: &World, token: &str) -> Response {
    world.anonymous().bearing(token).get("/me").send()
}

fn refuse(world: &World, tokens: Vec<(&str, String)>) {
    for (what, token) in tokens {
        println!("{what}: {token}");
        get_me(world, &token).gateway_refusal(403, "Forbidden");
    }
    assert_no_function_failed(world);
}

/// The public key as texts and bytes that a careless verifier would take for a secret.
fn public_key(world: &World) -> Vec<Vec<u8>> {
    let keys = world.anonymous().get("/.well-known/jwks.json").send().expect(200);
    let [x, y] = ["x", "y"].map(|name| keys["keys"][0][name].as_str().unwrap().to_owned());
    let point = [vec![4], decoded(&x), decoded(&y)].concat();
    let key = VerifyingKey::from_sec1_bytes(&point).unwrap();
    let pem = key.to_public_key_pem(LineEnding::LF).unwrap();
    let der = key.to_public_key_der().unwrap().as_bytes().to_vec();
    let trimmed = pem.trim_end().as_bytes().to_vec();
    let coordinates = [decoded(&x), decoded(&y), [x, y].concat().into_bytes()];
    let jwk = keys["keys"][0].to_string().into_bytes();
    [pem.into_bytes(), trimmed, der, point[1..].to_vec(), point, jwk, Vec::new()]
        .into_iter()
        .chain(coordinates)
        .collect()
}

#[test]
fn another_algorithm_is_refused_with_every_signature() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let real = Forgery::of(&tenant.token);
    let signature = decoded(tenant.token.rsplit('.').next().unwrap());
    let key_id = world.signing_keys().remove(0);
    let mut tokens = Vec::new();
    for algorithm in [
        "none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "RS256", "PS256", "ES384", "es256",
        "EdDSA",
    ] {
        let forgery = real.clone().header("alg", json!(algorithm));
        tokens.push(("without a signature", forgery.with(&[])));
        tokens.push(("without its dot", forgery.input()));
        tokens.push(("with the signature of the real token", forgery.with(&signature)));
        // Even if the key had signed it, the algorithm would be another.
        tokens.push(("signed by the key as ES256", forgery.signed(&world, &key_id)));
        for secret in public_key(&world) {
            tokens.push(("keyed with the public key", forgery.keyed_with(&secret)));
        }
    }
    for secret in public_key(&world) {
        tokens.push(("ES256, keyed with the public key", real.keyed_with(&secret)));
    }
    refuse(&world, tokens);
    get_me(&world, &tenant.token).expect(200);
}

#[test]
fn another_key_is_refused_whatever_the_header_says() {
    let world = World::start();
    let token = world.tenant("acme").token;
    let real = Forgery::of(&token);
    let stranger = SigningKey::from_slice(&[7; 32]).unwrap();
    let point = stranger.verifying_key().to_sec1_bytes();
    let [x, y] = [&point[1..33], &point[33..]].map(|part| BASE64.encode(part));
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": "own" });
    let key_id = world.signing_keys().remove(0);
    let mut tokens = vec![
        ("with the kid of the real key", real.signed_by(&stranger)),
        ("with its own key in the header", real.clone().header("jwk", jwk).signed_by(&stranger)),
        (
            "with an address of its key",
            real.clone().header("jku", json!("http://127.0.0.1/")).signed_by(&stranger),
        ),
    ];
    for kid in [
        Value::Null,
        json!("own"),
        json!(""),
        json!("../../dev/null"),
        json!(["a"]),
        json!(1),
        json!(format!("{key_id} ")),
    ] {
        tokens.push((
            "another kid, signed by the real key",
            real.clone().header("kid", kid).signed(&world, &key_id),
        ));
    }
    refuse(&world, tokens);
    get_me(&world, &real.signed(&world, &key_id)).expect(200);
}

#[test]
fn claims_of_another_issuer_audience_or_time_are_refused() {
    let world = World::start();
    let real = Forgery::of(&world.tenant("acme").token);
    let key_id = world.signing_keys().remove(0);
    let with = |name: &str, value: Value| real.clone().claim(name, value).signed(&world, &key_id);
    let twice = |member: &str| {
        let claims = format!("{},{member}}}", real.claims.trim_end_matches('}'));
        Forgery { claims, ..real.clone() }.signed(&world, &key_id)
    };
    let foreign = world.tenant("globex").id;
    let mut tokens = vec![
        ("not yet valid", with("nbf", json!(now() + 60))),
        ("issued in an hour", with("iat", json!(now() + 3600))),
        ("expired", with("exp", json!(now()))),
        ("expired long ago", with("exp", json!(0))),
        ("an expiry that is no time", with("exp", json!("never"))),
        ("an expiry beyond all times", with("exp", json!(u64::MAX))),
        ("a negative expiry", with("exp", json!(-1))),
        ("two tenants", twice(&format!("\"tid\":\"{foreign}\""))),
        ("two expiries", twice(&format!("\"exp\":{}", now() + 60))),
        ("claims that are a list", Forgery { claims: "[]".into(), ..real.clone() }.signed(&world, &key_id)),
    ];
    for name in ["iss", "aud"] {
        for value in
            [Value::Null, json!(""), json!("terrace2"), json!("Terrace"), json!([]), json!(["another"])]
        {
            tokens.push((name, with(name, value)));
        }
    }
    for name in ["exp", "iat", "sub", "tid", "sid", "pwd", "role", "jti"] {
        tokens.push((name, with(name, Value::Null)));
    }
    for tenant in ["", "ten_*", "*", "T#", "ten_1#", "${aws:PrincipalTag/TenantId}"] {
        tokens.push(("another form of tenant", with("tid", json!(tenant))));
    }
    refuse(&world, tokens);
    for known in
        [with("extra", json!({ "admin": true })), with("nbf", json!(now() - 1)), with("iat", json!(now()))]
    {
        get_me(&world, &known).expect(200);
    }
}

#[test]
fn a_spoilt_token_is_refused() {
    let world = World::start();
    let token = world.tenant("acme").token;
    let (input, signature) = token.rsplit_once('.').unwrap();
    let bytes = decoded(signature);
    let real = Forgery::of(&token);
    let der = Signature::from_slice(&bytes).unwrap().to_der();
    let last = signature.chars().last().unwrap();
    // 64 bytes leave four bits of the last character unused.
    let other_bits = if last == 'A' { 'B' } else { char::from(last as u8 + 1) };
    let mut tokens = vec![
        ("in DER", real.with(der.as_bytes())),
        ("zeros", real.with(&[0; 64])),
        ("of other unused bits", format!("{input}.{}{other_bits}", &signature[..85])),
        ("padded", format!("{input}.{}", BASE64_URL_SAFE.encode(&bytes))),
        ("padded header", format!("{}.{input}.{signature}", BASE64_URL_SAFE.encode(&real.header))),
        ("twice", format!("{input}.{signature}{signature}")),
        ("four parts", format!("{token}.")),
        ("four parts, with a signature", format!("{token}.{signature}")),
        ("an empty part", format!(".{token}")),
        ("two tokens", format!("{token} {token}")),
        ("a space inside", format!("{input}. {signature}")),
        ("a quoted token", format!("\"{token}\"")),
        ("five kilobytes more", format!("{token}{}", "A".repeat(5 * 1024))),
        ("dots", "..".into()),
    ];
    for length in [0, 1, 16, 32, 63] {
        tokens.push(("truncated", real.with(&bytes[..length])));
    }
    tokens.push(("extended", real.with(&[&bytes[..], &[0]].concat())));
    refuse(&world, tokens);
    let long = format!("{token}{}", "A".repeat(20 * 1024));
    assert_eq!(get_me(&world, &long).status, 431);
    get_me(&world, &token).expect(200);
}

/// Whoever has a token can make a second signature of it, since ECDSA accepts the negative of `s`. It is good for the same
/// claims alone, and nothing here tells tokens apart by their signatures.
#[test]
fn the_twin_of_a_signature_is_the_same_token() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let (_, signature) = tenant.token.rsplit_once('.').unwrap();
    let signature = Signature::from_slice(&decoded(signature)).unwrap();
    let twin = Signature::from_scalars(signature.r().to_bytes(), (-*signature.s()).to_bytes()).unwrap();
    let twin = Forgery::of(&tenant.token).with(&twin.to_bytes());
    assert_ne!(twin, tenant.token);
    assert_eq!(get_me(&world, &twin).expect(200)["id"], tenant.admin_id);
    let refresh = world.anonymous().log_in("acme", &tenant.email, tests::journey::PASSWORD).expect(201);
    world
        .anonymous()
        .post("/sessions/end", &json!({ "refreshToken": refresh["refreshToken"] }))
        .send()
        .expect(204);
    let ended = refresh["accessToken"].as_str().unwrap();
    let twin = Signature::from_slice(&decoded(ended.rsplit('.').next().unwrap())).unwrap();
    let twin = Signature::from_scalars(twin.r().to_bytes(), (-*twin.s()).to_bytes()).unwrap();
    get_me(&world, &Forgery::of(ended).with(&twin.to_bytes())).gateway_refusal(403, "Forbidden");
}

/// The gateway keeps the authorizer's answer for a minute, so that the function is the one who must look again.
#[test]
fn a_token_that_expires_in_the_gateways_cache_is_refused_by_the_function() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let key_id = world.signing_keys().remove(0);
    // The functions of both classes are warm, so that the next requests take a part of a second.
    tenant.admin.me();
    tenant.admin.create_product("Desk lamp", 1250);
    let brief = Forgery::of(&tenant.token).claim("exp", json!(now() + 3)).signed(&world, &key_id);
    let admin = world.anonymous().bearing(&brief);
    admin.get("/me").send().expect(200);
    admin.create_product("Desk lamp", 1250);
    let refused = eventually("the token has expired", || {
        let answer = admin.get("/me").send();
        (answer.status != 200).then_some(answer)
    });
    refused.problem(401, "unauthorized");
    let body = json!({ "name": "Desk lamp", "price": { "amount": 1250, "currency": "EUR" } });
    admin.post("/products", &body).send().problem(401, "unauthorized");
}
