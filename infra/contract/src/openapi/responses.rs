//! The responses of an operation, by status: those of the function and those of the gateway in front of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::GATEWAY;
use crate::example::example;
use crate::operation::{Operation, Problem, RequiredAccess};
use crate::references::{SCHEMAS, definition};

pub(super) fn responses(operation: &Operation, schemas: &Map<String, Value>) -> Value {
    let mut responses = BTreeMap::new();
    responses.insert(operation.description.success, success(operation, schemas));
    if operation.is_get() {
        let about = "The client has this answer already";
        responses.insert(304, json!({ "description": about, "headers": read_headers(operation) }));
    }
    if let Some(status @ 300..400) = operation.description.otherwise {
        responses.insert(status, moved(operation, schemas));
    }
    for problem in &operation.description.problems {
        let known = operation.description.problems.iter().filter(|other| other.status == problem.status);
        let known: Vec<&Problem> = known.collect();
        responses.entry(problem.status).or_insert_with(|| problem_response(&known, schemas));
    }
    for (status, message) in gateway_refusals(operation) {
        let response = responses.entry(status).or_insert_with(|| json!({ "description": message }));
        let gateway = json!({ "$ref": format!("{SCHEMAS}{GATEWAY}") });
        let own =
            operation.description.answer.as_ref().filter(|_| operation.description.otherwise == Some(status));
        let schema = own.map_or(gateway.clone(), |own| json!({ "anyOf": [own, gateway] }));
        response["content"]["application/json"] =
            json!({ "schema": schema, "example": { "message": message } });
    }
    if operation.is_of_tenants() {
        responses.values_mut().for_each(with_quota);
    }
    responses
        .into_iter()
        .map(|(status, response)| (status.to_string(), response))
        .collect::<Map<_, _>>()
        .into()
}

/// What the gateway answers itself has no such headers, so they are not required.
fn with_quota(response: &mut Value) {
    for (name, _) in quota_headers() {
        response["headers"][name] = json!({ "$ref": format!("#/components/headers/{name}") });
    }
}

/// Of every answer to a user of a tenant.
pub(super) fn quota_headers() -> [(&'static str, Value); 2] {
    let policy = "The tenant's window of requests, as in draft-ietf-httpapi-ratelimit-headers-10";
    let left = "How many requests are left in the window, and in how many seconds it ends";
    [
        ("RateLimit-Policy", header(false, policy, "\"requests\";q=500;w=10")),
        ("RateLimit", header(false, left, "\"requests\";r=499;t=7")),
    ]
}

fn success(operation: &Operation, schemas: &Map<String, Value>) -> Value {
    let description = &operation.description;
    let mut response = json!({
        "description": match description.success {
            201 => "Created",
            204 => "Done; there is nothing to answer",
            _ => "Done",
        },
        "headers": if operation.is_get() { read_headers(operation) } else { write_headers(operation, schemas) },
    });
    if let Some(schema) = &description.answer {
        response["content"]["application/json"] =
            json!({ "schema": schema, "example": example(schema, schemas) });
    }
    if let Some(media_type) = &description.verbatim {
        let kind = if media_type == "application/json" { "object" } else { "string" };
        response["content"][media_type] = json!({ "schema": { "type": kind } });
    }
    response
}

/// The same answer, which says where it is found from now on.
fn moved(operation: &Operation, schemas: &Map<String, Value>) -> Value {
    let mut response = success(operation, schemas);
    response["description"] = "It is found at another path".into();
    response["headers"] = write_headers(operation, schemas);
    response["headers"]["Location"] = header(true, "That path", "/");
    response
}

fn read_headers(operation: &Operation) -> Value {
    let mut headers = json!({
        "ETag": header(true, "The version, or a digest of the answer", "\"1\""),
        "Cache-Control": fixed("Caches ask again each time", if operation.is_open() { "no-cache" } else { "private, no-cache" }),
    });
    if !operation.is_open() {
        headers["Vary"] = fixed("On what the answer depends", "authorization");
    }
    headers
}

fn write_headers(operation: &Operation, schemas: &Map<String, Value>) -> Value {
    let mut headers = json!({ "Cache-Control": fixed("Not to be kept", "no-store") });
    if has_version(operation, schemas) {
        headers["ETag"] = header(true, "The version", "\"1\"");
    }
    if operation.description.success == 201 && operation.is_of_tenants() {
        headers["Location"] = header(true, "The path of what was created", "/");
    }
    if operation.takes_keys() {
        headers["Idempotency-Replayed"] =
            header(false, "Sent when this answer repeats an earlier one", "true");
    }
    headers
}

fn has_version(operation: &Operation, schemas: &Map<String, Value>) -> bool {
    let answer = operation.description.answer.as_ref();
    let shape = answer.map(|schema| definition(schema, schemas).unwrap_or(schema));
    shape.is_some_and(|shape| shape["properties"].get("version").is_some())
}

fn fixed(about: &str, value: &str) -> Value {
    json!({ "description": about, "required": true, "schema": { "type": "string", "const": value }, "example": value })
}

fn header(required: bool, about: &str, example: &str) -> Value {
    json!({ "description": about, "required": required, "schema": { "type": "string" }, "example": example })
}

/// The response that covers all problems of one status.
fn problem_response(problems: &[&Problem], schemas: &Map<String, Value>) -> Value {
    let types: Vec<String> = problems.iter().map(|problem| format!("/problems/{}", problem.slug)).collect();
    let titles: Vec<&str> = problems.iter().map(|problem| problem.title.as_str()).collect();
    let examples = problems.iter().map(|problem| {
        let mut example = example(&schemas["Problem"], schemas);
        example["type"] = format!("/problems/{}", problem.slug).into();
        example["title"] = problem.title.as_str().into();
        example["status"] = problem.status.into();
        example["detail"] = problem.example.as_str().into();
        if problem.slug == "validation" {
            let (field, rule) = problem.example.split_once(": ").unwrap_or_default();
            example["errors"] = json!([{ "field": field, "rule": rule }]);
        } else if let Some(members) = example.as_object_mut() {
            members.remove("errors");
        }
        (problem.slug.clone(), json!({ "value": example }))
    });
    let mut response = json!({
        "description": titles.join("; or: "),
        "content": {
            "application/problem+json": {
                "schema": {
                    "allOf": [{ "$ref": format!("{SCHEMAS}Problem") }],
                    "properties": { "type": { "enum": types }, "status": { "const": problems[0].status } },
                },
                "examples": examples.collect::<Map<_, _>>(),
            },
        },
    });
    if problems.iter().any(|problem| problem.status == 429) {
        response["headers"]["Retry-After"] = header(false, "How many seconds to wait", "840");
    }
    response
}

/// The messages are those of API Gateway and cannot be configured.
fn gateway_refusals(operation: &Operation) -> Vec<(u16, &'static str)> {
    let mut refusals =
        vec![(429, "Too Many Requests"), (500, "Internal Server Error"), (503, "Service Unavailable")];
    if operation.description.path.contains('{') {
        refusals.push((404, "Not Found"));
    }
    if operation.description.body.is_some() {
        refusals.push((413, "Request Entity Too Large"));
    }
    match operation.description.required_access {
        RequiredAccess::Anyone => {}
        RequiredAccess::Operator => refusals.push((403, "Forbidden")),
        RequiredAccess::Tenant(_) => refusals.extend([(401, "Unauthorized"), (403, "Forbidden")]),
    }
    refusals
}
