//! Requests that the gateway refuses or answers itself.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use tests::World;

#[test]
fn a_request_without_a_token_is_unauthorized_on_every_route_of_tenants() {
    let world = World::start();
    for route in world.routes().into_iter().filter(|route| route.of_tenants) {
        let (method, path) = route.key.split_once(' ').unwrap();
        let path = path.replace(['{', '}'], "");
        let anonymous = world.anonymous();
        anonymous.request(method, &path).send().gateway_refusal(401, "Unauthorized");
        anonymous.bearing("garbage").request(method, &path).send().gateway_refusal(403, "Forbidden");
    }
}

#[test]
fn tokens_that_are_not_ours_are_forbidden() {
    let world = World::start();
    let [acme, globex] = ["acme", "globex"].map(|slug| world.tenant(slug));
    let [header, claims, signature] = parts(&acme.token);
    let [_, foreign_claims, _] = parts(&globex.token);
    let stranger = SigningKey::from_slice(&[7; 32]).unwrap();
    let none = BASE64.encode(json!({ "alg": "none", "typ": "JWT" }).to_string());
    let mut longer: Value = serde_json::from_slice(&BASE64.decode(claims).unwrap()).unwrap();
    longer["exp"] = json!(longer["exp"].as_u64().unwrap() + 3600);
    let longer = BASE64.encode(longer.to_string());
    for (what, token) in [
        ("signed by another key", signed(&stranger, header, claims)),
        ("another tenant's claims with this signature", format!("{header}.{foreign_claims}.{signature}")),
        ("a later expiry with this signature", format!("{header}.{longer}.{signature}")),
        ("algorithm none, without a signature", format!("{none}.{claims}.")),
        ("algorithm none, with a signature", format!("{none}.{claims}.{signature}")),
        ("without a signature", format!("{header}.{claims}")),
        ("truncated", acme.token[..acme.token.len() - 8].to_owned()),
        ("not a token", "x".to_owned()),
    ] {
        let answer = world.anonymous().bearing(&token).get("/me").send();
        assert_eq!((answer.status, answer.json()), (403, json!({ "message": "Forbidden" })), "{what}");
    }
    let basic = world.anonymous().with("authorization", &format!("Basic {}", acme.token));
    basic.get("/me").send().gateway_refusal(403, "Forbidden");
    acme.admin.get("/me").send().expect(200);
}

fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().unwrap()
}

fn signed(key: &SigningKey, header: &str, claims: &str) -> String {
    let signature: Signature = key.sign(format!("{header}.{claims}").as_bytes());
    format!("{header}.{claims}.{}", BASE64.encode(signature.to_bytes()))
}

/// The limits of the template are those of a route, for everybody together.
#[test]
fn a_flood_of_strangers_is_stopped_before_the_function() {
    let world = World::start_with(|options| {
        options.parameters.insert("OpenRouteRate".to_owned(), "0.001".to_owned());
        options.parameters.insert("OpenRouteBurst".to_owned(), "3".to_owned());
    });
    let anonymous = world.anonymous();
    for _ in 0..3 {
        anonymous.get("/problems/forbidden").send().text();
    }
    anonymous.get("/problems/conflict").send().gateway_refusal(429, "Too Many Requests");
    anonymous.get("/health").send().expect(200);
}

#[test]
fn an_unknown_route_is_not_found() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    for (method, path) in
        [("GET", "/"), ("GET", "/nothing"), ("POST", "/me"), ("PUT", "/products"), ("GET", "/orders/x/y/z")]
    {
        admin.request(method, path).send().gateway_refusal(404, "Not Found");
    }
}

#[test]
fn a_body_over_the_gateway_s_limit_is_refused() {
    let world = World::start();
    let admin = world.tenant("acme").admin;
    let body = vec![b' '; 10 * 1024 * 1024 + 1];
    admin
        .post_bytes("/products", "application/json", body)
        .send()
        .gateway_refusal(413, "Request Entity Too Large");
}

#[test]
fn a_browser_of_any_origin_may_send_requests() {
    let world = World::start();
    let preflight = world
        .anonymous()
        .request("OPTIONS", "/orders")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,idempotency-key")
        .send();
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert!(preflight.header("access-control-allow-headers").unwrap().contains("idempotency-key"));

    let answer = world.anonymous().get("/health").header("origin", "https://shop.example").send();
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-expose-headers").unwrap().contains("etag"));
}
