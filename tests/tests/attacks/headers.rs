//! Headers and queries that would like to be something else: another token, another tenant, the authorizer's answer.

use serde_json::json;
use tests::{Tenant, World};

use super::assert_no_function_failed;

fn tenants(world: &World) -> [Tenant; 2] {
    ["acme", "globex"].map(|slug| world.tenant(slug))
}

#[test]
fn several_tokens_are_no_token() {
    let world = World::start();
    let [acme, globex] = tenants(&world);
    let bearer = |tenant: &Tenant| format!("Bearer {}", tenant.token);
    let (own, other) = (bearer(&acme), bearer(&globex));
    for tokens in [[&own, &other], [&other, &own], [&own, &own]] {
        let request = world.anonymous();
        let request =
            request.get("/me").header("authorization", tokens[0]).header("Authorization", tokens[1]);
        request.send().gateway_refusal(403, "Forbidden");
        for separator in [",", ", ", " ", ";"] {
            let joined = format!("{}{separator}{}", tokens[0], tokens[1]);
            let answer = world.anonymous().get("/me").header("authorization", &joined).send();
            answer.gateway_refusal(403, "Forbidden");
        }
    }
    for written in ["Basic", "Bearer,Bearer", "Token", "BearerX", ""] {
        let header = format!("{written} {}", acme.token);
        let answer = world.anonymous().get("/me").header("authorization", header.trim_start()).send();
        answer.gateway_refusal(403, "Forbidden");
    }
    for elsewhere in [
        "x-authorization",
        "proxy-authorization",
        "x-amz-security-token",
        "cookie",
        "x-forwarded-authorization",
    ] {
        world.anonymous().get("/me").header(elsewhere, &own).send().gateway_refusal(401, "Unauthorized");
    }
    world
        .anonymous()
        .get(&format!("/me?authorization={}", acme.token))
        .send()
        .gateway_refusal(401, "Unauthorized");
    world.anonymous().get("/me").header("AUTHORIZATION", &own.replace("Bearer", "bEARER")).send().expect(200);
    assert_no_function_failed(&world);
}

/// As a header, a query or a body could spell it.
fn context(of: &Tenant) -> String {
    json!({ "authorizer": { "lambda": {
        "tenant": of.id, "user": of.admin_id, "role": "admin", "permissions": "tenant:own users:manage", "expiresAt": 4_000_000_000_u64,
        "accessKeyId": "ASIAFORGED", "secretAccessKey": "forged", "sessionToken": "forged",
    } } })
    .to_string()
}

const NAMES: [&str; 24] = [
    "requestContext",
    "x-amzn-request-context",
    "x-apigateway-event",
    "x-apigateway-context",
    "x-amzn-apigateway-api-id",
    "x-amzn-authorizer",
    "x-amz-user-agent",
    "x-amz-target",
    "x-amz-date",
    "x-amzn-trace-id",
    "lambda-runtime-aws-request-id",
    "lambda-runtime-deadline-ms",
    "lambda-runtime-invoked-function-arn",
    "lambda-runtime-trace-id",
    "lambda-runtime-client-context",
    "lambda-runtime-cognito-identity",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-original-url",
    "x-http-method-override",
    "accessKeyId",
    "secretAccessKey",
    "tenant",
];

#[test]
fn nothing_in_a_request_sets_the_authorizers_answer() {
    let world = World::start();
    let [acme, globex] = tenants(&world);
    let (me, context) = (acme.admin.get("/me").send().expect(200), context(&globex));
    for name in NAMES {
        for value in [context.as_str(), &globex.id, "DELETE", "/tenant", "1"] {
            println!("{name}: {value}");
            assert_eq!(acme.admin.get("/me").header(name, value).send().expect(200), me);
            world.anonymous().get("/me").header(name, value).send().gateway_refusal(401, "Unauthorized");
        }
        let query = |path: &str| format!("{path}?{name}={}", globex.id);
        acme.admin.get(&query("/me")).send().problem(422, "validation");
        world.anonymous().get(&query("/me")).send().gateway_refusal(401, "Unauthorized");
    }
    let body = json!({ "requestContext": serde_json::from_str::<serde_json::Value>(&context).unwrap() });
    acme.admin.post("/orders", &body).send().problem(422, "validation");
    world.anonymous().post("/orders", &body).send().gateway_refusal(401, "Unauthorized");
    assert_no_function_failed(&world);
}

#[test]
fn a_tenant_is_named_once_and_the_own_one() {
    let world = World::start();
    let [acme, globex] = tenants(&world);
    let (own, other) = (acme.id.as_str(), globex.id.as_str());
    let naming = |headers: &[(&str, &str)]| {
        headers
            .iter()
            .fold(acme.admin.get("/me"), |request, (name, value)| request.header(name, value))
            .send()
    };
    for headers in [
        &[("x-tenant-id", own), ("X-TENANT-ID", other)][..],
        &[("X-Tenant-Id", other), ("x-tenant-id", own)],
        &[("X-Tenant-Id", own), ("x-tenant-id", own)],
        &[("x-tenant-id", &format!("{own},{other}"))],
        &[("x-tenant-id", &own.to_uppercase())],
        &[("x-tenant-id", &format!("T#{own}#"))],
        &[("X-TENANT-ID", other)],
    ] {
        println!("{headers:?}");
        naming(headers).problem(403, "forbidden");
    }
    // Others than this name mean nothing.
    for name in ["x-tenant", "tenant-id", "x_tenant_id", "x-tenant-id-", "tenantid"] {
        assert_eq!(naming(&[(name, other)]).expect(200)["id"], acme.admin_id);
    }
    naming(&[("X-TENANT-ID", own)]).expect(200);
}
