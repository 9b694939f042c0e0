//! Invalid requests are refused with the right status, problem and field, and change nothing.

mod accounts;
mod all_fields;
mod audit;
mod notifications;
mod raw_bytes;
mod requests;
mod shop;

use client::Response;
use serde_json::Value;
use tests::World;

/// Sends a request that must be refused, and asserts that no function behind a route wrote anything.
fn refused(world: &World, what: &str, send: impl FnOnce() -> Response) -> Response {
    println!("refused: {what}");
    let (answer, consumed) = world.measure(send);
    for route in world.routes() {
        let written = consumed.get(&route.function).map_or(0.0, |units| units.write);
        assert!(written == 0.0, "{what}: {} wrote {written} units", route.function);
    }
    answer
}

/// Like `refused`, for a request with one invalid field: the problem must report this field and no other.
fn invalid(world: &World, what: &str, field: &str, send: impl FnOnce() -> Response) {
    let problem = refused(world, what, send).problem(422, "validation");
    let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("{what}: {problem}"));
    assert_eq!(errors.len(), 1, "{what}: {problem}");
    assert_eq!(errors[0]["field"], field, "{what}: {problem}");
    assert!(errors[0]["rule"].as_str().is_some_and(|rule| !rule.is_empty()), "{what}: {problem}");
}

/// `body` with the value at this JSON pointer replaced, or added to its object.
fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    body
}

fn without(body: &Value, pointer: &str) -> Value {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    body
}

fn shortened(body: &Value) -> String {
    body.to_string().chars().take(200).collect()
}
