//! Changes of what others may change too: every route that demands `If-Match` refuses a request without it, and one that
//! knows another version.

use client::{Http, id};
use serde_json::Value;
use tests::World;
use tests::comment_steps::{comment_on, live_post};

#[test]
fn every_conditional_route_answers_412_and_428() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &serde_json::json!({}));
    let order = tenant.order();
    let product = order["lines"][0]["productId"].as_str().unwrap();
    let role = serde_json::json!({ "name": "Auditor", "permissions": ["audit:read"] });
    let role = tenant.admin.post("/roles", &role).send().expect(201);
    let post = tests::post_steps::draft(&tenant.admin, "A draft");
    let live = live_post(&tenant.admin, "A post");
    let comment = comment_on(&tenant.admin, &live, "Well said.").send().expect(201);
    let before = tenant.admin.get("/tenant").send().expect(200)["version"].clone();
    let document = World::answers().document();
    let conditional: Vec<_> =
        World::operations().iter().filter(|one| one.description.is_conditional).collect();
    assert!(!conditional.is_empty());
    for operation in conditional {
        let (method, template) = (&operation.description.method, &operation.description.path);
        let kind = template.split('/').nth(1);
        let subject = match kind {
            Some("orders") => id(&order),
            Some("comments") => id(&comment),
            Some("posts") => id(&post),
            Some("products") => product,
            Some("roles") => "rol_1",
            Some("users") => tenant.admin_id.as_str(),
            Some("tenants") => tenant.id.as_str(),
            _ => "",
        };
        // The name of a plugin, or of a tier.
        let name = if kind == Some("plugins") { "comments" } else { "pro" };
        let path = template.replace("{id}", subject).replace("{productId}", product).replace("{name}", name);
        let path = if path.ends_with("/data") { format!("{path}?confirm={name}") } else { path };
        let client = match operation.is_of_operators() {
            true => Http::clone(&world.operator()),
            false => Http::clone(&tenant.admin),
        };
        let body = &document["paths"][template][method.to_lowercase()]["requestBody"]["content"];
        let change = |tag: Option<&str>| {
            let request = client.with_body(method, &path, &body["application/json"]["example"]);
            let request = tag.into_iter().fold(request, |request, tag| request.header("if-match", tag));
            println!("{method} {path} with If-Match {tag:?}");
            request.send()
        };
        change(None).problem(428, "precondition-required");
        change(Some("\"999\"")).problem(412, "precondition-failed");
    }
    // None of these requests changed anything.
    assert_eq!(tenant.admin.order(&order), order);
    assert_eq!(tenant.admin.get(&tests::post_steps::path(&post)).send().expect(200), post);
    for path in [&format!("/products/{product}"), &format!("/users/{}", tenant.admin_id)] {
        assert_eq!(tenant.admin.get(path).send().expect(200)["version"], Value::from(1), "{path}");
    }
    assert_eq!(tenant.admin.get("/tenant").send().expect(200)["version"], before);
    assert_eq!(tenant.admin.get("/roles/rol_1").send().expect(200), role);
    let preferences = tenant.admin.get("/notifications/preferences").send().expect(200);
    assert_eq!(preferences["version"], Value::from(0));
}
