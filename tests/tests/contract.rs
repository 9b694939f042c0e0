//! The OpenAPI document agrees with the running system. `tests::answers` also compares the responses of all other tests
//! with it.

use serde_json::Value;
use tests::answers::Answers;
use tests::{World, workspace};

#[test]
fn the_document_is_served_as_it_is_committed_and_generated() {
    let world = World::start();
    let answer = world.anonymous().get("/openapi.json").send();
    let served = answer.expect(200);
    let committed = std::fs::read(workspace::root().join("docs/api/openapi.json")).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&committed).unwrap(), served);
    let generated = ::contract::openapi::tenants(World::operations()).unwrap();
    assert!(generated == served, "run make contract, and commit what it changes");
}

/// Whoever reads the tenants' document is told of nothing that operators do.
#[test]
fn the_operators_document_is_one_of_its_own() {
    let committed = std::fs::read(workspace::root().join("docs/api/operators.json")).unwrap();
    let operators = ::contract::openapi::operators(World::operations()).unwrap();
    assert!(serde_json::from_slice::<Value>(&committed).unwrap() == operators, "run make contract");
    let routes = |document: &Value| -> Vec<String> {
        let paths = document["paths"].as_object().unwrap().iter();
        let routes = paths.flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        });
        routes.collect()
    };
    let mut all = routes(&operators);
    assert!(all.contains(&"POST /tenants".to_owned()), "{all:?}");
    all.extend(routes(&::contract::openapi::tenants(World::operations()).unwrap()));
    let mut expected: Vec<String> = World::operations().iter().map(::contract::Operation::key).collect();
    all.sort_unstable();
    expected.sort_unstable();
    assert_eq!(all, expected);
}

#[test]
fn every_example_of_the_document_is_valid() {
    let answers = World::answers();
    let mut examined = 0;
    for (place, node) in nodes("", answers.document()) {
        let examples = node.get("examples").and_then(Value::as_object).into_iter().flatten();
        let examples = examples.map(|(_, example)| &example["value"]).chain(node.get("example"));
        for example in examples.filter(|_| node.get("schema").is_some()) {
            validate(answers, &place, &node["schema"], example);
            examined += 1;
        }
    }
    println!("{examined} examples are valid");
    assert!(examined > World::operations().len(), "there are too few examples: {examined}");
}

fn validate(answers: &Answers, place: &str, schema: &Value, example: &Value) {
    let validator = answers.validator(place, schema).unwrap();
    if let Err(error) = validator.validate(example) {
        panic!("{place}: {error}: {example}");
    }
}

/// All objects of the document, with their JSON pointers.
fn nodes<'a>(place: &str, value: &'a Value) -> Vec<(String, &'a Value)> {
    match value {
        Value::Object(members) => {
            let inner = members.iter().flat_map(|(name, member)| nodes(&format!("{place}/{name}"), member));
            [(place.to_owned(), value)].into_iter().chain(inner).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, item)| nodes(&format!("{place}/{index}"), item))
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_type_of_problem_has_a_page() {
    let world = World::start();
    let mut slugs: Vec<&str> = World::operations()
        .iter()
        .flat_map(|operation| &operation.description.problems)
        .map(|problem| problem.slug.as_str())
        .collect();
    slugs.sort_unstable();
    slugs.dedup();
    for slug in slugs {
        let page = world.anonymous().get(&format!("/problems/{slug}")).send();
        assert_eq!(page.status, 200, "{slug}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(page.text().contains("What to do"), "{slug}");
    }
    world.anonymous().get("/problems/unheard-of").send().problem(404, "not-found");
}

#[test]
fn a_get_answers_head_and_304_to_its_etag() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    for path in ["/me".to_owned(), format!("/products/{}", client::id(&product)), "/openapi.json".to_owned()]
    {
        let full = tenant.admin.get(&path).send();
        full.expect(200);
        let head = tenant.admin.request("HEAD", &path).send();
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        for name in ["etag", "content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), full.header(name), "{path} {name}");
        }
        let etag = full.header("etag").unwrap();
        let known = tenant.admin.get(&path).header("if-none-match", etag).send();
        assert_eq!((known.status, known.body.len(), known.header("etag")), (304, 0, Some(etag)), "{path}");
        let stale = tenant.admin.get(&path).header("if-none-match", "\"another\"").send();
        assert_eq!((stale.expect(200), stale.header("etag")), (full.json(), Some(etag)), "{path}");
    }
}

/// A page of another origin may send all documented headers, and may read those of responses.
#[test]
fn a_browser_may_use_every_operation_whole() {
    let world = World::start();
    let document = World::answers().document();
    for operation in World::operations().iter().filter(|operation| !operation.is_of_operators()) {
        let (method, path) = (&operation.description.method, &operation.description.path);
        let described = &document["paths"][path][method.to_lowercase()];
        let parameters = described["parameters"].as_array().unwrap().iter();
        let headers = parameters.filter(|parameter| parameter["in"] == "header");
        let named = headers.map(|header| header["name"].as_str().unwrap().to_lowercase());
        let asked: Vec<String> =
            named.chain(["authorization".to_owned(), "content-type".to_owned()]).collect();
        let preflight = world
            .anonymous()
            .request("OPTIONS", &path.replace(['{', '}'], ""))
            .header("origin", "https://shop.example")
            .header("access-control-request-method", method)
            .header("access-control-request-headers", &asked.join(","))
            .send();
        assert_eq!(preflight.status, 204, "{}", operation.key());
        assert_eq!(preflight.header("access-control-allow-origin"), Some("*"), "{}", operation.key());
    }
    let unsigned = world.unsigned();
    let preflight = unsigned.request("OPTIONS", "/tenants").header("origin", "https://shop.example");
    let preflight = preflight.header("access-control-request-method", "POST").send();
    assert_eq!(preflight.header("access-control-allow-origin"), None, "no browser calls the operators' API");
    let answer = world.anonymous().get("/health").header("origin", "https://shop.example").send();
    let exposed: Vec<&str> = answer.header("access-control-expose-headers").unwrap().split(',').collect();
    for header in ["etag", "location", "idempotency-replayed", "ratelimit", "ratelimit-policy", "retry-after"]
    {
        assert!(exposed.contains(&header), "{header}");
    }
}
