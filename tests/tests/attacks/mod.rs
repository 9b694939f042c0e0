//! What an attacker would send. Each attack is refused as what it is, and no function fails by it.

mod bodies;
mod canaries;
mod forge;
mod headers;
mod rotation;
mod sockets;
mod texts;
mod tokens;

use serde_json::Value;
use tests::World;

/// Asserts that no function has failed, and so that each refusal was meant.
fn assert_no_function_failed(world: &World) {
    let stats = world.cloud().function_stats();
    let failed: Vec<&String> = stats.iter().filter(|(_, stats)| stats.errors > 0).map(|(id, _)| id).collect();
    assert!(failed.is_empty(), "these functions failed: {failed:?}");
}

/// A route of the documents, with the examples that they give for its path and its body.
struct Documented {
    is_of_operators: bool,
    method: String,
    path: String,
    body: Option<Value>,
}

fn documented() -> Vec<Documented> {
    let document = World::answers().document();
    let operation = |operation: &contract::Operation| {
        let (method, path) = (&operation.description.method, &operation.description.path);
        let documented = &document["paths"][path][method.to_lowercase()];
        let parameters = documented["parameters"].as_array().into_iter().flatten();
        let in_path = parameters.filter(|parameter| parameter["in"] == "path");
        let path = in_path.fold(path.clone(), |path, parameter| {
            let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
            path.replace(&name, parameter["example"].as_str().unwrap())
        });
        let body = documented["requestBody"]["content"]["application/json"].get("example").cloned();
        Documented { is_of_operators: operation.is_of_operators(), method: method.clone(), path, body }
    };
    World::operations().iter().map(operation).collect()
}
