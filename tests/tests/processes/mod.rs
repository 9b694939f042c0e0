//! What the process of a function survives.

mod panics;
mod release;

use cloud::compute::FunctionStats;
use cloud::invoke::InvokeError;
use serde_json::{Value, json};
use tests::{Tenant, World};

const FUNCTION: &str = "GetProductFunction";
const ROUTE: &str = "GET /products/{id}";

/// What the authorizer answers for the tenant's token, with credentials.
fn authorized(world: &World, tenant: &Tenant) -> Value {
    let token = json!({ "headers": { "authorization": format!("Bearer {}", tenant.token) } });
    let answer = world.block_on(world.cloud().invoke("AuthorizeReadFunction", token)).unwrap();
    assert_eq!(answer["isAuthorized"], true);
    answer["context"].clone()
}

/// A request for the product, as the gateway tells it the function.
fn event(authorized: &Value, id: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": ROUTE, "rawPath": format!("/products/{id}"), "rawQueryString": "",
        "headers": { "host": "localhost" }, "pathParameters": { "id": id }, "isBase64Encoded": false,
        "requestContext": { "requestId": "1", "routeKey": ROUTE, "authorizer": { "lambda": authorized } },
    })
}

fn invoke(world: &World, event: &Value) -> Result<Value, InvokeError> {
    world.block_on(world.cloud().invoke(FUNCTION, event.clone()))
}

fn stats(world: &World) -> FunctionStats {
    world.cloud().function_stats()[FUNCTION]
}
