//! The OpenAPI 3.1 document.

mod parameters;
mod responses;

use serde_json::{Map, Value, json};

use crate::example::example;
use crate::operation::{Operation, RequiredAccess};
use crate::{ContractError, openapi::parameters::parameters, openapi::responses::responses};

const GATEWAY: &str = "GatewayRefusal";

/// The document of the tenants' API, with the routes that are open to all.
pub fn tenants(operations: &[Operation]) -> Result<Value, ContractError> {
    let of_tenants = operations.iter().filter(|operation| !operation.is_of_operators()).collect();
    let scheme = json!({
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "The accessToken of POST /sessions or POST /sessions/refresh",
    });
    document("Terrace", include_str!("about.md"), ("accessToken", scheme), of_tenants)
}

/// The document of the operators' API.
pub fn operators(operations: &[Operation]) -> Result<Value, ContractError> {
    let of_operators = operations.iter().filter(|operation| operation.is_of_operators()).collect();
    // As API Gateway exports it.
    let scheme = json!({
        "type": "apiKey", "in": "header", "name": "Authorization", "x-amazon-apigateway-authtype": "awsSigv4",
        "description": "AWS Signature Version 4 for the service execute-api, by a principal whom IAM allows the route",
    });
    document("Terrace for operators", include_str!("operators.md"), ("signature", scheme), of_operators)
}

fn document(
    title: &str,
    about: &str,
    (scheme_name, scheme): (&str, Value),
    operations: Vec<&Operation>,
) -> Result<Value, ContractError> {
    let schemas = schemas(&operations)?;
    let mut paths = Map::new();
    for operation in &operations {
        let path = paths.entry(operation.description.path.clone()).or_insert_with(|| json!({}));
        path[operation.description.method.to_lowercase()] = operation_object(operation, &schemas);
    }
    let mut tags: Vec<&String> = operations.iter().map(|operation| &operation.context).collect();
    tags.sort();
    tags.dedup();
    let mut components = json!({ "schemas": schemas, "securitySchemes": { scheme_name: scheme } });
    if operations.iter().any(|operation| operation.is_of_tenants()) {
        components["headers"] = Value::from_iter(responses::quota_headers());
    }
    Ok(json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": title, "version": env!("CARGO_PKG_VERSION"), "description": about,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "The API that this document came from" }],
        "tags": tags.iter().map(|tag| json!({ "name": tag })).collect::<Value>(),
        "paths": paths,
        "components": components,
    }))
}

/// The number of statuses that the document lists for an operation.
pub fn statuses(operation: &Operation) -> usize {
    responses(operation, &Map::from_iter([("Problem".to_owned(), json!({}))])).as_object().map_or(0, Map::len)
}

fn operation_object(operation: &Operation, schemas: &Map<String, Value>) -> Value {
    let description = &operation.description;
    let (security, audience) = match &description.required_access {
        RequiredAccess::Anyone => (json!([]), "anyone"),
        RequiredAccess::Operator => (json!([{ "signature": [] }]), "operator"),
        RequiredAccess::Tenant(_) => (json!([{ "accessToken": [] }]), "tenant"),
    };
    let mut object = json!({
        "operationId": operation.binary,
        "summary": operation.summary,
        "tags": [operation.context],
        "security": security,
        "parameters": parameters(operation),
        "responses": responses(operation, schemas),
        "x-audience": audience,
        "x-capacity": description.costs.iter().map(|cost| json!({
            "case": cost.case, "readUnits": cost.read, "writeUnits": cost.write,
        })).collect::<Value>(),
    });
    let mut needs = Vec::new();
    if let RequiredAccess::Tenant(permissions) = &description.required_access {
        object["x-permissions"] = json!(permissions);
        let named: Vec<String> = permissions.iter().map(|name| format!("`{name}`")).collect();
        needs.extend((!named.is_empty()).then(|| format!("Needs the permission {}.", named.join(" or "))));
    }
    if let Some(feature) = &description.feature {
        needs.push(format!("Needs the feature `{feature}`, which not every tier includes."));
        object["x-feature"] = json!(feature);
    }
    if !needs.is_empty() {
        object["description"] = json!(needs.join(" "));
    }
    if let Some(body) = &description.body {
        let mut schema = body.clone();
        if description.method == "PATCH" {
            schema["minProperties"] = json!(1);
        }
        let example = example(&schema, schemas);
        object["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": schema, "example": example } },
        });
    }
    object
}

/// Collects the named schemas. A name must stand for the same schema in all binaries.
fn schemas(operations: &[&Operation]) -> Result<Map<String, Value>, ContractError> {
    let mut schemas = Map::new();
    for (name, schema) in operations.iter().flat_map(|operation| &operation.description.definitions) {
        match schemas.get(name) {
            Some(known) if known != schema => return Err(ContractError::Ambiguous { name: name.clone() }),
            Some(_) => {}
            None => drop(schemas.insert(name.clone(), schema.clone())),
        }
    }
    let gateway = json!({
        "description": "A refusal by API Gateway itself, before or after the function",
        "type": "object", "required": ["message"], "properties": { "message": { "type": ["string", "null"] } },
    });
    schemas.insert(GATEWAY.to_owned(), gateway);
    Ok(schemas)
}
