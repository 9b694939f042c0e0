//! One operation of the API: the template's route, and the description by the binary behind it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use cloud::model::{Function, HttpApi, Route};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ContractError;

#[derive(Debug, Clone)]
pub struct Operation {
    /// The logical id of the function.
    pub function: String,
    pub binary: String,
    /// The context whose crate has the binary.
    pub context: String,
    /// What the template says that the function does.
    pub summary: String,
    pub description: Description,
}

/// What a binary answers to `describe`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Description {
    pub method: String,
    pub path: String,
    pub required_access: RequiredAccess,
    pub success: u16,
    /// Another status with an answer of the same shape.
    pub otherwise: Option<u16>,
    pub is_conditional: bool,
    pub verbatim: Option<String>,
    pub costs: Vec<Cost>,
    pub problems: Vec<Problem>,
    pub parameters: Value,
    pub body: Option<Value>,
    pub answer: Option<Value>,
    pub problem: Value,
    pub definitions: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", content = "role", rename_all = "camelCase")]
pub enum RequiredAccess {
    Anyone,
    Operator,
    /// Users with at least this role.
    Tenant(String),
}

/// Capacity units of one call in the named case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Cost {
    pub case: String,
    pub read: f64,
    pub write: f64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Problem {
    pub slug: String,
    pub status: u16,
    pub title: String,
    pub cause: String,
    pub fix: String,
    pub example: String,
}

impl Operation {
    pub fn is_get(&self) -> bool {
        self.description.method == "GET"
    }

    pub fn is_post(&self) -> bool {
        self.description.method == "POST"
    }

    pub fn is_of_tenants(&self) -> bool {
        matches!(self.description.required_access, RequiredAccess::Tenant(_))
    }

    /// How the template names the route.
    pub fn key(&self) -> String {
        format!("{} {}", self.description.method, self.description.path)
    }
}

/// Any that the template takes: they change no route.
fn parameters() -> BTreeMap<String, String> {
    let digest = "0".repeat(64);
    [("OperatorKeySha256", digest.as_str()), ("MailSender", "no-reply@terrace.example")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// Asks every binary of the template's routes, in the order of the routes.
pub fn operations(workspace: &Path, binaries: &Path) -> Result<Vec<Operation>, ContractError> {
    let stack =
        cloud::template::load(&workspace.join("template.yaml"), cloud::DEFAULT_STACK_NAME, &parameters())
            .map_err(|refusals| ContractError::Template(refusals.to_string()))?;
    let Some(api) = &stack.api else { return Ok(Vec::new()) };
    let asked = api.routes.iter().filter(|route| route.method != "HEAD").map(|route| {
        let function = stack.functions.iter().find(|function| function.logical_id == route.function);
        let function = function.ok_or_else(|| {
            ContractError::Template(format!("{} {} leads to no function", route.method, route.path))
        })?;
        let operation = ask(function, workspace, binaries)?;
        agree(route, api, &operation)?;
        Ok(operation)
    });
    asked.collect()
}

fn ask(function: &Function, workspace: &Path, binaries: &Path) -> Result<Operation, ContractError> {
    let silent = |reason: String| ContractError::Silent { binary: function.binary.clone(), reason };
    let answer = Command::new(binaries.join(&function.binary))
        .arg("describe")
        .output()
        .map_err(|error| silent(error.to_string()))?;
    if !answer.status.success() {
        return Err(silent(String::from_utf8_lossy(&answer.stdout).into_owned()));
    }
    Ok(Operation {
        function: function.logical_id.clone(),
        binary: function.binary.clone(),
        context: context(workspace, &function.binary)
            .ok_or_else(|| silent("it lies in no crate of functions/".into()))?,
        summary: function.description.clone(),
        description: serde_json::from_slice(&answer.stdout).map_err(|error| silent(error.to_string()))?,
    })
}

fn context(workspace: &Path, binary: &str) -> Option<String> {
    let crates = std::fs::read_dir(workspace.join("functions")).ok()?;
    let source = format!("src/bin/{binary}.rs");
    let mut holding = crates.flatten().filter(|folder| folder.path().join(&source).is_file());
    holding.next()?.file_name().into_string().ok()
}

fn agree(route: &Route, api: &HttpApi, operation: &Operation) -> Result<(), ContractError> {
    let key = format!("{} {}", route.method, route.path);
    let is_tenants = matches!(operation.description.required_access, RequiredAccess::Tenant(_));
    let has_head = api.routes.iter().any(|other| {
        (other.method.as_str(), &other.path, &other.function, &other.authorizer)
            == ("HEAD", &route.path, &route.function, &route.authorizer)
    });
    let difference = if operation.key() != key {
        format!("the binary serves {}", operation.key())
    } else if is_tenants != route.authorizer.is_some() {
        "a route of tenants has the authorizer, and no other has".to_owned()
    } else if route.method == "GET" && !has_head {
        "a GET has a HEAD beside it, of the same function and authorizer".to_owned()
    } else if operation.summary.is_empty() {
        "the function has no Description".to_owned()
    } else {
        return Ok(());
    };
    Err(ContractError::Disagreement { function: route.function.clone(), key, difference })
}
