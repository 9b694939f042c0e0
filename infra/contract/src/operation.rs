//! An operation of the API: a route of the template, with the description that its binary prints.

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
    /// The crate below `functions` that contains the binary.
    pub context: String,
    /// The function's `Description` in the template.
    pub summary: String,
    pub description: Description,
}

/// What a binary prints when it is started with the argument `describe`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Description {
    pub method: String,
    pub path: String,
    pub required_access: RequiredAccess,
    pub success: u16,
    /// Another status whose response has the same schema.
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
    /// Users of a tenant who have at least this role.
    Tenant(String),
}

/// The capacity units that a call consumes in this case.
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

    /// The route as `GET /path`.
    pub fn key(&self) -> String {
        format!("{} {}", self.description.method, self.description.path)
    }
}

/// Routes do not depend on parameters, so any valid values do.
fn parameters() -> BTreeMap<String, String> {
    let digest = "0".repeat(64);
    [("OperatorKeySha256", digest.as_str()), ("MailSender", "no-reply@terrace.example")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

/// Collects the descriptions of the binaries behind all routes, in the order of the template.
pub fn operations(workspace: &Path, binaries: &Path) -> Result<Vec<Operation>, ContractError> {
    let stack =
        cloud::template::load(&workspace.join("template.yaml"), cloud::DEFAULT_STACK_NAME, &parameters())
            .map_err(|refusals| ContractError::Template(refusals.to_string()))?;
    let Some(api) = &stack.api else { return Ok(Vec::new()) };
    let operations = api.routes.iter().filter(|route| route.method != "HEAD").map(|route| {
        let function = stack.functions.iter().find(|function| function.logical_id == route.function);
        let function = function.ok_or_else(|| {
            ContractError::Template(format!("no function serves {} {}", route.method, route.path))
        })?;
        let operation = describe(function, workspace, binaries)?;
        check_agreement(route, api, &operation)?;
        Ok(operation)
    });
    operations.collect()
}

fn describe(function: &Function, workspace: &Path, binaries: &Path) -> Result<Operation, ContractError> {
    let no_description =
        |reason: String| ContractError::NoDescription { binary: function.binary.clone(), reason };
    let output = Command::new(binaries.join(&function.binary))
        .arg("describe")
        .output()
        .map_err(|error| no_description(error.to_string()))?;
    if !output.status.success() {
        return Err(no_description(String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    Ok(Operation {
        function: function.logical_id.clone(),
        binary: function.binary.clone(),
        context: context(workspace, &function.binary)
            .ok_or_else(|| no_description("no crate below functions/ contains it".into()))?,
        summary: function.description.clone(),
        description: serde_json::from_slice(&output.stdout)
            .map_err(|error| no_description(error.to_string()))?,
    })
}

fn context(workspace: &Path, binary: &str) -> Option<String> {
    let crates = std::fs::read_dir(workspace.join("functions")).ok()?;
    let source = format!("src/bin/{binary}.rs");
    let mut holding = crates.flatten().filter(|folder| folder.path().join(&source).is_file());
    holding.next()?.file_name().into_string().ok()
}

fn check_agreement(route: &Route, api: &HttpApi, operation: &Operation) -> Result<(), ContractError> {
    let key = format!("{} {}", route.method, route.path);
    let has_head = api.routes.iter().any(|other| {
        (other.method.as_str(), &other.path, &other.function, &other.authorizer)
            == ("HEAD", &route.path, &route.function, &route.authorizer)
    });
    let difference = if operation.key() != key {
        format!("the binary serves {}", operation.key())
    } else if operation.is_of_tenants() != route.authorizer.is_some() {
        "the routes of tenants must have the authorizer, and no other route may have it".to_owned()
    } else if route.method == "GET" && !has_head {
        "a GET route needs a HEAD route with the same function and authorizer".to_owned()
    } else if operation.summary.is_empty() {
        "the function has no Description".to_owned()
    } else {
        return Ok(());
    };
    Err(ContractError::Disagreement { function: route.function.clone(), key, difference })
}
