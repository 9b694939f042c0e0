//! Compares every response that a test receives with the OpenAPI documents: its status, media type, headers and body.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use client::{Anonymous, Keys, Operator, Response};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The statuses of refusals by the gateway before it has found the operation.
const UNROUTED: [u16; 3] = [400, 404, 431];

static DOCUMENT: OnceLock<Answers> = OnceLock::new();

pub struct Answers {
    document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
    seen: Mutex<BTreeSet<(String, u16)>>,
}

/// Compares all further responses with these documents, which share no route. Later calls keep those of the first one.
pub fn compare_with(documents: impl FnOnce() -> [Value; 2]) -> &'static Answers {
    DOCUMENT.get_or_init(|| Answers {
        document: closed(joined(documents())),
        validators: Mutex::default(),
        seen: Mutex::default(),
    })
}

/// A client that compares its responses with the document. Clients derived from it do so as well.
pub fn anonymous(url: &str) -> Anonymous {
    Anonymous::new(url).observed_by(compare)
}

/// The same for the operators' API.
pub fn operator(url: &str, keys: Keys) -> Operator {
    Operator::new(url, keys).observed_by(compare)
}

/// The first document, with the routes and the schemas of the second.
fn joined([mut first, second]: [Value; 2]) -> Value {
    for section in ["/paths", "/components/schemas"] {
        let more = second.pointer(section).and_then(Value::as_object).into_iter().flatten();
        let known =
            first.pointer_mut(section).and_then(Value::as_object_mut).expect("a document has sections");
        for (name, value) in more {
            let replaced = known.insert(name.clone(), value.clone());
            assert!(replaced.is_none_or(|other| other == *value), "{name} stands in both documents");
        }
    }
    first
}

/// Panics if the response is not documented.
fn compare(method: &str, path: &str, answer: &Response) {
    let Some(answers) = DOCUMENT.get() else { return };
    if let Err(difference) = answers.compare(method, path, answer) {
        panic!("{method} {path} answered {}, and {difference}: {}", answer.status, answer.text());
    }
}

impl Answers {
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Returns whether a test has received this status from this operation.
    pub fn has_seen(&self, key: &str, status: u16) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.contains(&(key.to_owned(), status))
    }

    fn compare(&self, method: &str, path: &str, answer: &Response) -> Result<(), String> {
        let documented = if method == "HEAD" { "GET" } else { method };
        let path = path.split('?').next().unwrap_or(path);
        let Some((template, operation)) = self.operation(documented, path) else {
            let is_known = UNROUTED.contains(&answer.status) || method == "OPTIONS";
            return if is_known { Ok(()) } else { Err("no operation is documented".to_owned()) };
        };
        let Some(response) = operation["responses"].get(answer.status.to_string()) else {
            let by_the_gateway = UNROUTED.contains(&answer.status) && answer.json()["message"].is_string();
            return if by_the_gateway { Ok(()) } else { Err("the status is not documented".to_owned()) };
        };
        if answer.json()["message"].is_null() {
            require_headers(response, answer)?;
        }
        if method != "HEAD" {
            let name = format!("{documented} {template} {}", answer.status);
            self.compare_body(&name, response, answer)?;
        } else if !answer.body.is_empty() {
            return Err("the response to a HEAD must not have a body".to_owned());
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert((format!("{method} {template}"), answer.status));
        Ok(())
    }

    fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let paths = self.document["paths"].as_object()?;
        let mut fitting: Vec<(&String, &Value)> =
            paths.iter().filter(|(template, _)| fits(template, path)).collect();
        // Like the gateway, prefer paths without variables.
        fitting.sort_by_key(|(template, _)| template.matches('{').count());
        let (template, operations) =
            fitting.into_iter().find(|(_, operations)| operations.get(method.to_lowercase()).is_some())?;
        Some((template, &operations[method.to_lowercase()]))
    }

    fn compare_body(&self, name: &str, response: &Value, answer: &Response) -> Result<(), String> {
        let Some(contents) = response["content"].as_object() else {
            return if answer.body.is_empty() { Ok(()) } else { Err("no body is documented".to_owned()) };
        };
        let media_type = answer.header("content-type").unwrap_or_default();
        let content = contents
            .get(media_type)
            .ok_or_else(|| format!("the media type {media_type:?} is not documented"))?;
        if media_type.starts_with("text/") {
            return Ok(());
        }
        let validator = self.validator(&format!("{name} {media_type}"), &content["schema"])?;
        validator.validate(&answer.json()).map_err(|error| format!("{error} at {}", error.instance_path()))
    }

    pub fn validator(&self, name: &str, schema: &Value) -> Result<Arc<Validator>, String> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(name) {
            return Ok(validator.clone());
        }
        let root = json!({ "allOf": [schema], "components": self.document["components"] });
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&root)
            .map_err(|error| format!("the schema of {name} is invalid: {error}"))?;
        let validator = Arc::new(validator);
        validators.insert(name.to_owned(), validator.clone());
        Ok(validator)
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (mut expected, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return true,
            (Some(part), Some(text)) if part == text || (part.starts_with('{') && !text.is_empty()) => {}
            _ => return false,
        }
    }
}

fn require_headers(response: &Value, answer: &Response) -> Result<(), String> {
    let headers = response["headers"].as_object().into_iter().flatten();
    for (name, header) in headers {
        match (answer.header(name), header["schema"]["const"].as_str()) {
            (None, _) if header["required"] == true => return Err(format!("the header {name} is missing")),
            (Some(value), Some(fixed)) if value != fixed => return Err(format!("{name} is not {fixed}")),
            _ => {}
        }
    }
    Ok(())
}

/// Forbids fields that the document does not name. The document itself allows them, because later versions of the API
/// may add fields.
fn closed(mut document: Value) -> Value {
    let schemas = document["components"]["schemas"].as_object_mut().map(std::mem::take);
    let close = |(name, mut schema): (String, Value)| {
        close(&mut schema);
        (name, schema)
    };
    document["components"]["schemas"] =
        Value::Object(schemas.into_iter().flatten().map(close).collect::<Map<_, _>>());
    document
}

fn close(schema: &mut Value) {
    let has_members = ["properties", "oneOf", "anyOf"].iter().any(|kind| schema.get(kind).is_some());
    if has_members && schema.get("additionalProperties").is_none() {
        schema["unevaluatedProperties"] = json!(false);
    }
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flatten().map(|(_, property)| property) {
        close(property);
    }
}
