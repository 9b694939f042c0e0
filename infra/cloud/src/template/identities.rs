//! The physical name of every resource, and its values of `!Ref` and `!GetAtt`.

use std::path::PathBuf;
use std::rc::Rc;

use uuid::Uuid;

use super::nested;
use super::outputs::Outputs;

use super::resolve::Scope;
use super::yaml::{Entry, Node};
use crate::model::{ACCOUNT, HttpApi, REGION};

/// What all resources of one template share.
#[derive(Debug, Default)]
pub(super) struct Home {
    /// The stack's name.
    pub(super) stack: String,
    /// That of the template, relative to the root template's.
    pub(super) directory: PathBuf,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    pub(super) home: Rc<Home>,
    pub(super) name: String,
    /// The value of `!Ref`.
    pub(super) reference: String,
    /// The values of `!GetAtt`, by attribute.
    pub(super) attributes: Vec<(&'static str, String)>,
    /// Those of a nested stack.
    pub(super) outputs: Option<Outputs>,
    /// The resource's type is refused, so its other problems are not reported.
    pub(super) refused: bool,
}

impl Identity {
    pub(super) fn attribute(&self, name: &str) -> String {
        self.attributes
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }
}

const TYPES: &[&str] = &[
    nested::TYPE,
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::Table",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::SubscriptionFilter",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::Serverless::Function",
    "AWS::Serverless::HttpApi",
];

/// The role that SAM makes of a function.
pub(super) fn role_of(function: &Entry, globals: &[Entry], scope: &Scope<'_>) -> Identity {
    let path = role_path(function, globals);
    let path = path.and_then(|path| scope.resolve(&function.key, path)?.as_text().map(str::to_owned));
    let name = format!("{}-{}Role", scope.home.stack, function.key);
    let arn = iam_arn("role", path.as_deref(), &name);
    Identity { reference: name.clone(), name, attributes: vec![("Arn", arn)], ..Identity::default() }
}

/// What the names of a function's role are made of.
pub(super) fn role_path<'e>(function: &'e Entry, globals: &'e [Entry]) -> Option<&'e Node> {
    let global = || globals.iter().find(|global| global.key == "RolePath").map(|global| &global.node);
    property(function, "RolePath").or_else(global)
}

pub(super) fn kind_of(resource: &Entry) -> &str {
    resource.node.get("Type").and_then(|node| node.as_text()).unwrap_or_default()
}

/// The properties that names and ARNs are made of.
pub(super) fn naming_properties(kind: &str) -> Vec<&'static str> {
    let others: &[&str] = match kind {
        nested::TYPE => &["Parameters"],
        "AWS::Events::Rule" => &["EventBusName"],
        "AWS::IAM::ManagedPolicy" | "AWS::IAM::Role" => &["Path"],
        _ => &[],
    };
    name_property(kind).into_iter().chain(others.iter().copied()).collect()
}

fn name_property(kind: &str) -> Option<&'static str> {
    match kind {
        "AWS::DynamoDB::Table" => Some("TableName"),
        "AWS::Events::EventBus" | "AWS::Events::Rule" => Some("Name"),
        "AWS::IAM::ManagedPolicy" => Some("ManagedPolicyName"),
        "AWS::IAM::Role" => Some("RoleName"),
        "AWS::Logs::LogGroup" => Some("LogGroupName"),
        "AWS::Logs::SubscriptionFilter" => Some("FilterName"),
        "AWS::SQS::Queue" => Some("QueueName"),
        "AWS::Serverless::Function" => Some("FunctionName"),
        _ => None,
    }
}

pub(super) fn property<'e>(resource: &'e Entry, name: &str) -> Option<&'e Node> {
    resource.node.get("Properties").and_then(|properties| properties.get(name))
}

fn resolved(resource: &Entry, name: &str, scope: &Scope<'_>) -> Option<String> {
    let node = scope.resolve(&resource.key, property(resource, name)?)?;
    node.as_text().map(str::to_owned)
}

pub(super) fn identity(resource: &Entry, scope: &Scope<'_>) -> Identity {
    let kind = kind_of(resource);
    if !TYPES.contains(&kind) {
        refuse_type(kind, resource, scope);
        return Identity { refused: true, ..Identity::default() };
    }
    let given = name_property(kind).and_then(|name| resolved(resource, name, scope));
    let name = given.unwrap_or_else(|| physical_name(resource, scope));
    let (reference, attributes) = match kind {
        "AWS::Events::Rule" => {
            let bus = resolved(resource, "EventBusName", scope).unwrap_or_default();
            let bus = bus.rsplit('/').next().unwrap_or_default();
            (format!("{bus}|{name}"), vec![("Arn", arn("events", &format!("rule/{bus}/{name}")))])
        }
        "AWS::DynamoDB::Table" => {
            let arn = arn("dynamodb", &format!("table/{name}"));
            let stream = property(resource, "StreamSpecification").filter(|stream| scope.is_given(stream));
            let stream = stream.map(|_| ("StreamArn", stream_arn(&arn)));
            (name.clone(), std::iter::once(("Arn", arn)).chain(stream).collect())
        }
        "AWS::Serverless::HttpApi" => (HttpApi::id_of(&resource.key), Vec::new()),
        "AWS::IAM::ManagedPolicy" => {
            (iam_arn("policy", resolved(resource, "Path", scope).as_deref(), &name), Vec::new())
        }
        "AWS::IAM::Role" => {
            let arn = iam_arn("role", resolved(resource, "Path", scope).as_deref(), &name);
            (name.clone(), vec![("Arn", arn)])
        }
        _ => reference_and_attributes(kind, &name),
    };
    Identity { home: Rc::clone(&scope.home), name, reference, attributes, ..Identity::default() }
}

/// The name of a resource that the template gives none. AWS adds a random suffix.
pub(super) fn physical_name(resource: &Entry, scope: &Scope<'_>) -> String {
    format!("{}-{}", scope.home.stack, resource.key)
}

fn refuse_type(kind: &str, resource: &Entry, scope: &Scope<'_>) {
    let problem = match kind {
        "" => "Type is missing.".to_owned(),
        kind => format!("the resource type {kind} is not supported."),
    };
    let entry = resource.node.entries().iter().find(|entry| entry.key == "Type");
    let line = entry.map_or(resource.line, |entry| entry.line);
    scope.report.refuse(&resource.key, line, problem, format!("use one of: {}.", TYPES.join(", ")));
}

/// For the types whose values depend only on the name.
fn reference_and_attributes(kind: &str, name: &str) -> (String, Vec<(&'static str, String)>) {
    let owned = name.to_owned();
    match kind {
        "AWS::Events::EventBus" => {
            (owned.clone(), vec![("Arn", arn("events", &format!("event-bus/{name}"))), ("Name", owned)])
        }
        "AWS::KMS::Key" => {
            let id = uuid(name);
            (id.clone(), vec![("Arn", arn("kms", &format!("key/{id}"))), ("KeyId", id)])
        }
        "AWS::Logs::LogGroup" => (owned, vec![("Arn", arn("logs", &format!("log-group:{name}:*")))]),
        "AWS::SQS::Queue" => {
            let url = format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}");
            (url.clone(), vec![("Arn", arn("sqs", name)), ("QueueName", owned), ("QueueUrl", url)])
        }
        "AWS::Serverless::Function" => (owned, vec![("Arn", arn("lambda", &format!("function:{name}")))]),
        _ => (owned, Vec::new()),
    }
}

/// An id that depends on the name alone.
pub(super) fn uuid(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}

pub(super) fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
}

/// IAM is global, so its ARNs name no region. A path begins and ends with a slash.
pub(super) fn iam_arn(kind: &str, path: Option<&str>, name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:{kind}{}{name}", path.unwrap_or("/"))
}

/// AWS labels a stream with the time of its creation. Here the label is constant.
fn stream_arn(table_arn: &str) -> String {
    format!("{table_arn}/stream/2025-01-01T00:00:00.000")
}
