//! The physical name of every resource, and its values of `!Ref` and `!GetAtt`.

use uuid::Uuid;

use super::resolve::Scope;
use super::yaml::{Entry, Node};
use crate::model::{ACCOUNT, REGION};

#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    pub(super) name: String,
    /// The value of `!Ref`.
    pub(super) reference: String,
    /// The values of `!GetAtt`, by attribute.
    pub(super) attributes: Vec<(&'static str, String)>,
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
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::Table",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::KMS::Key",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::Serverless::Function",
    "AWS::Serverless::HttpApi",
];

/// Names every resource of the scope. Resources with an explicit name come later, since it may refer to
/// other resources; rules come last, since a rule's ARN contains the name of its bus.
pub(super) fn identify(resources: &[Entry], globals: &[Entry], scope: &mut Scope<'_>) {
    let mut ordered: Vec<&Entry> = resources.iter().collect();
    ordered.sort_by_key(|resource| match kind_of(resource) {
        "AWS::Events::Rule" => 2,
        kind => u8::from(name_property(kind).is_some_and(|name| property(resource, name).is_some())),
    });
    for resource in ordered {
        let kind = kind_of(resource);
        let identity = identity(kind, resource, scope);
        if kind == "AWS::Serverless::Function" {
            let role = role_of(resource, globals, scope);
            scope.identities.insert(format!("{}Role", resource.key), role);
        }
        scope.identities.insert(resource.key.clone(), identity);
    }
    for role in resources.iter().filter(|resource| is_role_of_function(resource, resources)) {
        let problem = "SAM makes a role with this logical id, of the function.";
        scope.report.refuse(&role.key, role.line, problem, "give it another logical id.");
    }
}

/// The role that SAM makes of a function.
fn role_of(function: &Entry, globals: &[Entry], scope: &Scope<'_>) -> Identity {
    let global = || globals.iter().find(|global| global.key == "RolePath").map(|global| &global.node);
    let path = property(function, "RolePath").or_else(global);
    let path = path.and_then(|path| scope.resolve(&function.key, path)?.as_text().map(str::to_owned));
    let name = format!("{}-{}Role", scope.stack_name, function.key);
    let arn = iam_arn("role", path.as_deref(), &name);
    Identity { reference: name.clone(), name, attributes: vec![("Arn", arn)], refused: false }
}

fn is_role_of_function(resource: &Entry, resources: &[Entry]) -> bool {
    let is_function = |other: &Entry| {
        kind_of(other) == "AWS::Serverless::Function" && resource.key == format!("{}Role", other.key)
    };
    resources.iter().any(is_function)
}

pub(super) fn kind_of(resource: &Entry) -> &str {
    resource.node.get("Type").and_then(|node| node.as_text()).unwrap_or_default()
}

fn name_property(kind: &str) -> Option<&'static str> {
    match kind {
        "AWS::DynamoDB::Table" => Some("TableName"),
        "AWS::Events::EventBus" | "AWS::Events::Rule" => Some("Name"),
        "AWS::IAM::ManagedPolicy" => Some("ManagedPolicyName"),
        "AWS::IAM::Role" => Some("RoleName"),
        "AWS::SQS::Queue" => Some("QueueName"),
        "AWS::Serverless::Function" => Some("FunctionName"),
        _ => None,
    }
}

fn property<'e>(resource: &'e Entry, name: &str) -> Option<&'e Node> {
    resource.node.get("Properties").and_then(|properties| properties.get(name))
}

fn resolved(resource: &Entry, name: &str, scope: &Scope<'_>) -> Option<String> {
    let node = scope.resolve(&resource.key, property(resource, name)?)?;
    node.as_text().map(str::to_owned)
}

fn identity(kind: &str, resource: &Entry, scope: &Scope<'_>) -> Identity {
    if !TYPES.contains(&kind) {
        refuse_type(kind, resource, scope);
        return Identity { refused: true, ..Identity::default() };
    }
    let given = name_property(kind).and_then(|name| resolved(resource, name, scope));
    let name = given.unwrap_or_else(|| format!("{}-{}", scope.stack_name, resource.key));
    let (reference, attributes) = match kind {
        "AWS::Events::Rule" => {
            let bus = resolved(resource, "EventBusName", scope).unwrap_or_default();
            let bus = bus.rsplit('/').next().unwrap_or_default();
            (format!("{bus}|{name}"), vec![("Arn", arn("events", &format!("rule/{bus}/{name}")))])
        }
        "AWS::DynamoDB::Table" => {
            let arn = arn("dynamodb", &format!("table/{name}"));
            let stream = property(resource, "StreamSpecification").map(|_| ("StreamArn", stream_arn(&arn)));
            (name.clone(), std::iter::once(("Arn", arn)).chain(stream).collect())
        }
        "AWS::IAM::ManagedPolicy" => {
            (iam_arn("policy", resolved(resource, "Path", scope).as_deref(), &name), Vec::new())
        }
        "AWS::IAM::Role" => {
            let arn = iam_arn("role", resolved(resource, "Path", scope).as_deref(), &name);
            (name.clone(), vec![("Arn", arn)])
        }
        _ => reference_and_attributes(kind, &name),
    };
    Identity { name, reference, attributes, refused: false }
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
            let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string();
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

fn arn(service: &str, resource: &str) -> String {
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
