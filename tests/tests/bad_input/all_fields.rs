//! Requests of every route in which everything breaks its rule at once, made of what the contract says of them.

use client::{Http, Request};
use contract::{Operation, RequiredAccess};
use serde_json::{Map, Value, json};
use tests::{Tenant, World};

use super::{invalid, refused};

/// No parameter with a rule may be this, and in the body, where it stands for an object, no value.
const BROKEN: &str = "%20";
const UNKNOWN: &str = "\u{7e}unheard/of";
const UNKNOWN_POINTER: &str = "/~0unheard~1of";

/// How a body is spoilt.
#[derive(Clone, Copy)]
enum Spoilt {
    /// Each value is of a type that it may not have, and there is a member that nobody knows.
    Broken,
    /// Nothing is there that may be left out of a body without leaving out an object.
    Missing,
}

impl Spoilt {
    /// A value for this schema, and the pointers that it is to be refused for, in their order.
    fn value(self, schema: &Value, pointer: &str) -> (Value, Vec<String>) {
        if let Some(properties) = schema["properties"].as_object() {
            return self.object(schema, properties, pointer);
        }
        match schema.get("items") {
            Some(items) => {
                let (first, mut pointers) = self.value(items, &format!("{pointer}/0"));
                let (second, others) = self.value(items, &format!("{pointer}/1"));
                pointers.extend(others);
                (json!([first, second]), pointers)
            }
            None if schema["type"] == "object" => (json!(1), vec![pointer.to_owned()]),
            None => (json!({}), vec![pointer.to_owned()]),
        }
    }

    fn object(self, schema: &Value, properties: &Map<String, Value>, pointer: &str) -> (Value, Vec<String>) {
        let (mut members, mut pointers) = (Map::new(), Vec::new());
        for (name, property) in properties {
            let is_leaf = property.get("properties").is_none();
            if matches!(self, Spoilt::Missing) && is_leaf {
                continue;
            }
            let (value, broken) = self.value(property, &format!("{pointer}/{name}"));
            members.insert(name.clone(), value);
            pointers.extend(broken);
        }
        match self {
            Spoilt::Broken => {
                members.insert(UNKNOWN.to_owned(), json!(1));
                pointers.push(format!("{pointer}{UNKNOWN_POINTER}"));
            }
            Spoilt::Missing => {
                let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let missing = required.filter(|name| !members.contains_key(*name));
                pointers.extend(missing.map(|name| format!("{pointer}/{name}")));
            }
        }
        (Value::Object(members), pointers)
    }
}

fn client(world: &World, tenant: &Tenant, operation: &Operation) -> Http {
    match operation.description.required_access {
        RequiredAccess::Anyone => Http::clone(&world.anonymous()),
        RequiredAccess::Operator => Http::clone(&world.operator()),
        RequiredAccess::Tenant(_) => Http::clone(&tenant.admin),
    }
}

/// The path with a broken value for each parameter that has a rule, and their names, by which parameters are sorted.
fn broken_path(operation: &Operation) -> (String, Vec<String>) {
    let (mut path, mut query, mut names) = (operation.description.path.clone(), Vec::new(), Vec::new());
    let parameters = operation.description.parameters["properties"].as_object().into_iter().flatten();
    for (name, schema) in parameters {
        let has_rule = schema["type"] != "string"
            || ["pattern", "enum", "format"].iter().any(|rule| schema.get(rule).is_some());
        let place = format!("{{{name}}}");
        match (path.contains(&place), has_rule) {
            (true, true) => {
                path = path.replace(&place, BROKEN);
                names.push(format!("/{name}"));
            }
            (true, false) => path = path.replace(&place, "text"),
            (false, true) => {
                query.push(format!("{name}={BROKEN}"));
                names.push(format!("/{name}"));
            }
            (false, false) => panic!("{}: {name} has no rule: {schema}", operation.key()),
        }
    }
    query.push("unheard-of=1".to_owned());
    names.push("/unheard-of".to_owned());
    names.sort_unstable();
    (format!("{path}?{}", query.join("&")), names)
}

/// With each header that has a rule, broken, and their names in their order.
fn with_broken_headers<'a>(operation: &Operation, request: Request<'a>) -> (Request<'a>, Vec<String>) {
    let headers =
        [("idempotency-key", operation.takes_keys()), ("if-match", operation.description.is_conditional)];
    let sent = headers.into_iter().filter_map(|(name, is_read)| is_read.then_some(name));
    sent.fold((request, Vec::new()), |(request, mut names), name| {
        names.push(format!("/{name}"));
        (request.header(name, "a b"), names)
    })
}

#[test]
fn everything_that_breaks_a_rule_is_named_on_every_route_in_its_order() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let (mut routes, mut named) = (0, 0);
    for operation in World::operations() {
        let client = client(&world, &tenant, operation);
        let (path, parameters) = broken_path(operation);
        for spoilt in [Spoilt::Broken, Spoilt::Missing] {
            let (body, pointers) = match &operation.description.body {
                Some(schema) => match spoilt.value(schema, "") {
                    // A change of nothing.
                    (body, pointers)
                        if body == json!({})
                            && pointers.is_empty()
                            && operation.description.method == "PATCH" =>
                    {
                        (body, vec![String::new()])
                    }
                    spoilt => spoilt,
                },
                None => (Value::Null, Vec::new()),
            };
            let what = format!("{} {path} {body}", operation.description.method);
            let request = client.with_body(&operation.description.method, &path, &body);
            let (request, headers) = with_broken_headers(operation, request);
            let problem = refused(&world, &what, || request.send()).problem(422, "validation");
            let errors = problem["errors"].as_array().unwrap();
            let fields: Vec<&str> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
            let expected = [parameters.clone(), headers, pointers].concat();
            assert_eq!(fields, expected, "{what}: {problem}");
            named += fields.len();
            for error in errors {
                assert!(error["rule"].as_str().is_some_and(|rule| !rule.is_empty()), "{what}: {problem}");
            }
        }
        routes += 1;
    }
    println!("{named} fields on {routes} routes");
    assert_eq!(routes, world.routes().len());
}

#[test]
fn every_line_of_an_order_that_names_no_product_for_sale_is_told_at_once() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let [lamp, retired] = ["Desk lamp", "Typewriter"].map(|name| tenant.admin.create_product(name, 1250));
    let path = format!("/products/{}/retirement", client::id(&retired));
    tenant.admin.post_empty(&path).if_match(&retired).send().expect(200);
    let unknown = format!("prd_{}", "0".repeat(32));
    let line = |product: &str| json!({ "productId": product, "quantity": 1 });
    let lines = [&unknown, client::id(&lamp), client::id(&retired)].map(line);
    let answer =
        refused(&world, "two lines", || tenant.admin.post("/orders", &json!({ "lines": lines })).send());
    let errors = json!([
        { "field": "/lines/0/productId", "rule": "must be a product of the catalog" },
        { "field": "/lines/2/productId", "rule": "must be a product that is not retired" },
    ]);
    assert_eq!(answer.problem(422, "validation")["errors"], errors);
}

/// What cannot be read has no fields, and is told when nothing else is wrong.
#[test]
fn a_broken_parameter_comes_before_a_body_that_is_not_json() {
    let world = World::start();
    let tenant = world.commenting_tenant("acme", &json!({}));
    let post = |path: &str| tenant.admin.post_bytes(path, "application/json", "{").send();
    invalid(&world, "both", "/x", || post("/products?x=1"));
    refused(&world, "the body alone", || post("/products")).problem(400, "malformed-request");
}
