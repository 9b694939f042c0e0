//! Bodies with members that are not the sender's to set, and bodies that would exhaust their reader.

use client::Http;
use serde_json::{Map, Value, json};
use tests::{Tenant, World};

use super::{Documented, assert_no_function_failed, documented};

const MEMBERS: [&str; 26] = [
    "tenantId",
    "tenant",
    "tid",
    "id",
    "userId",
    "role",
    "roles",
    "isAdmin",
    "isOwner",
    "owner",
    "version",
    "createdAt",
    "actor",
    "status",
    "admins",
    "passwordHash",
    "total",
    "pk",
    "sk",
    "facet",
    "doc",
    "expiresAt",
    "accessKeyId",
    "__proto__",
    "constructor",
    "",
];

/// Whoever may call the route.
fn client(world: &World, tenant: &Tenant, route: &Documented) -> Http {
    match route.is_of_operators {
        true => Http::clone(&world.operator()),
        false => tenant.admin.with("if-match", "\"1\""),
    }
}

/// Each object in the value, by its pointer.
fn objects(value: &Value, pointer: &str, found: &mut Vec<String>) {
    if value.is_object() {
        found.push(pointer.to_owned());
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        objects(member, &format!("{pointer}/{name}"), found);
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        objects(item, &format!("{pointer}/{index}"), found);
    }
}

#[test]
fn a_member_that_is_not_the_senders_to_set_is_refused_on_every_body() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let mut tried = 0;
    for route in documented() {
        let client = client(&world, &tenant, &route);
        let Documented { method, path, body, .. } = route;
        let Some(body) = body else { continue };
        let mut pointers = Vec::new();
        objects(&body, "", &mut pointers);
        for pointer in pointers {
            let known: Map<String, Value> = body.pointer(&pointer).unwrap().as_object().unwrap().clone();
            for name in MEMBERS.into_iter().filter(|name| !known.contains_key(*name)) {
                let mut body = body.clone();
                body.pointer_mut(&pointer).unwrap()[name] = json!("ten_1");
                let answer = client.with_body(&method, &path, &body).send();
                let problem = answer.problem(422, "validation");
                let field = &problem["errors"][0]["field"];
                assert_eq!(*field, format!("{pointer}/{name}"), "{method} {path}: {problem}");
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried} bodies");
    assert_no_function_failed(&world);
}

/// Texts that are JSON, and more than a reader may like.
fn exhausting() -> Vec<(&'static str, String)> {
    let deep = 10_000;
    vec![
        ("nested arrays", format!("{}{}", "[".repeat(deep), "]".repeat(deep))),
        ("arrays without an end", "[".repeat(deep)),
        ("nested objects", format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep))),
        ("objects without an end", "{\"a\":".repeat(deep)),
        ("a number beyond all", "1e400".into()),
        ("a number below all", "1e-400".into()),
        ("a negative zero", "-0".into()),
        ("a long number", "9".repeat(10_000)),
        ("a long fraction", format!("0.{}", "1".repeat(10_000))),
        ("a long exponent", format!("1e{}", "9".repeat(1_000))),
        ("a long text", format!("\"{}\"", "a".repeat(100_000))),
        ("many escapes", format!("\"{}\"", "\\u0000".repeat(10_000))),
        ("half a character", "\"\\ud800\"".into()),
        ("many members", format!("{{{}\"z\":1}}", "\"a\":1,".repeat(10_000))),
        ("many items", format!("[{}1]", "1,".repeat(50_000))),
    ]
}

#[test]
fn a_body_that_would_exhaust_its_reader_is_refused() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let refused = |client: &Http, method: &str, path: &str, what: &str, text: &str| {
        let answer = client.with_bytes(method, path, "application/json", text).send();
        // The body of a post may be as long, and there is no such post.
        let is_markdown = what == "a long text" && text.starts_with("{\"markdown\"") && answer.status == 404;
        assert!(
            is_markdown || [400, 413, 422].contains(&answer.status),
            "{method} {path}, {what}: {}",
            answer.text()
        );
    };
    for route in documented() {
        let client = client(&world, &tenant, &route);
        let Documented { method, path, body, .. } = route;
        for (what, text) in exhausting() {
            if method == "GET" || method == "DELETE" {
                continue;
            }
            refused(&client, &method, &path, what, &text);
            for name in body.iter().filter_map(Value::as_object).flat_map(Map::keys) {
                refused(&client, &method, &path, what, &format!("{{\"{name}\":{text}}}"));
            }
        }
    }
    assert_no_function_failed(&world);
    tenant.settled_order();
}
