//! What the local cloud runs: the template with every reference resolved.
//!
//! `template` makes a [`Stack`]; `services`, `compute` and `gateway` run it and never see YAML.

mod sources;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use iam::{PrincipalPolicies, ResourcePolicy, Tags};

pub use self::sources::{LogGroup, LogSubscription, QueueSource, Schedule, StreamSource};

pub const REGION: &str = "eu-west-1";
pub const ACCOUNT: &str = "123456789012";

/// A stack with those that are nested in it. Logical ids are unique among all of them.
#[derive(Debug, Clone)]
pub struct Stack {
    /// That of the root.
    pub name: String,
    pub functions: Vec<Function>,
    /// The roles of functions, and those that the template declares.
    pub roles: Vec<Role>,
    /// At most one of each stack; the root's is the first.
    pub apis: Vec<HttpApi>,
    pub tables: Vec<Table>,
    pub buses: Vec<EventBus>,
    pub rules: Vec<Rule>,
    pub queues: Vec<Queue>,
    pub signing_keys: Vec<SigningKey>,
    pub stream_sources: Vec<StreamSource>,
    pub queue_sources: Vec<QueueSource>,
    pub schedules: Vec<Schedule>,
    pub log_groups: Vec<LogGroup>,
    pub log_subscriptions: Vec<LogSubscription>,
    /// The root's, which are what a deploy prints.
    pub outputs: BTreeMap<String, String>,
    pub profiles: Vec<Profile>,
    /// Of the form in which the functions store their data. Data of another version is refused.
    pub data_version: u32,
    /// Properties that the template sets and that have no effect here, each with its reason.
    pub without_effect: Vec<WithoutEffect>,
}

impl Stack {
    /// The root's API.
    pub fn api(&self) -> Option<&HttpApi> {
        self.apis.iter().find(|api| api.stack == self.name)
    }
}

#[derive(Debug, Clone)]
pub struct WithoutEffect {
    pub logical_id: String,
    pub property: String,
    pub reason: &'static str,
}

#[derive(Debug, Clone)]
pub struct Function {
    pub logical_id: String,
    /// The physical name: that of its stack and the logical id, joined by a dash, unless the template gives another.
    pub name: String,
    pub arn: String,
    pub role_arn: String,
    /// The binary's name, from `CodeUri: target/lambda/<binary>/bootstrap.zip`.
    pub binary: String,
    pub description: String,
    pub memory_mb: u32,
    pub timeout: Duration,
    pub reserved_concurrency: Option<u32>,
    /// By `RecursiveLoop: Allow`. It has no effect here, where nothing detects loops; `contract` reads it.
    pub allows_recursive_loop: bool,
    pub environment: BTreeMap<String, String>,
    /// The name of the log group that its lines go to: `/aws/lambda/<name>`, unless the template gives another.
    pub log_group: String,
    /// Who may invoke it, beside those whose own policies allow it.
    pub policy: Option<Arc<ResourcePolicy>>,
}

impl Function {
    pub(crate) fn is_named(&self, name_or_arn: &str) -> bool {
        self.name == name_or_arn || self.arn == name_or_arn
    }
}

#[derive(Debug, Clone)]
pub struct Role {
    /// That of a function's role is `<Function>Role`.
    pub logical_id: String,
    /// With the role's path.
    pub arn: String,
    /// Who may assume it.
    pub trust: Arc<ResourcePolicy>,
    /// What it allows, and its boundary.
    pub policies: PrincipalPolicies,
    /// Those of a function's role are the function's, and `lambda:createdBy`.
    pub tags: Tags,
}

/// A caller from outside, whom the cloud gives keys at its start.
#[derive(Debug, Clone)]
pub struct Profile {
    pub name: String,
    pub identity: ProfileIdentity,
}

#[derive(Debug, Clone)]
pub enum ProfileIdentity {
    User {
        /// `arn:aws:iam::<account>:user/local/<profile>`
        arn: String,
        policies: PrincipalPolicies,
    },
    /// A session of the role with this ARN, which is named as the profile.
    Session { role_arn: String },
}

#[derive(Debug, Clone)]
pub struct HttpApi {
    pub logical_id: String,
    /// The name of its stack.
    pub stack: String,
    pub routes: Vec<Route>,
    pub authorizers: BTreeMap<String, Authorizer>,
    pub cors: Option<Cors>,
    pub throttles: Throttles,
}

#[derive(Debug, Clone, Default)]
pub struct Throttles {
    /// Of each route that has none of its own.
    pub default: Option<Throttle>,
    /// By route key, such as `POST /sessions`.
    pub routes: BTreeMap<String, Throttle>,
}

/// A token bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttle {
    pub burst: u32,
    /// Tokens a second.
    pub rate: f64,
}

impl HttpApi {
    /// The id that AWS would make up.
    pub fn id(&self) -> String {
        HttpApi::id_of(&self.logical_id)
    }

    /// The id, which is the value of `!Ref` too, so that policies name the API by it.
    pub(crate) fn id_of(logical_id: &str) -> String {
        logical_id.to_ascii_lowercase()
    }

    /// The ARN of what stands behind the id: a stage with a method and a path, or an authorizer.
    pub fn execution_arn(&self, resource: &str) -> String {
        format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:{}/{resource}", self.id())
    }
}

#[derive(Debug, Clone)]
pub struct Route {
    /// In upper case.
    pub method: String,
    /// As written in the template, with `{name}` segments.
    pub path: String,
    /// The logical id of the function behind it.
    pub function: String,
    pub authorizer: RouteAuthorizer,
}

/// Who is asked before a request reaches the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteAuthorizer {
    /// Nobody: the route is open.
    None,
    /// A key of `HttpApi::authorizers`.
    Lambda(String),
    /// IAM, by the signature of the request: SAM's `AWS_IAM`.
    Iam,
}

impl RouteAuthorizer {
    /// The name of the Lambda authorizer, if it is one.
    pub fn lambda(&self) -> Option<&str> {
        if let RouteAuthorizer::Lambda(name) = self { Some(name) } else { None }
    }
}

impl Route {
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// A Lambda REQUEST authorizer with payload format 2.0 and simple responses.
#[derive(Debug, Clone)]
pub struct Authorizer {
    pub function: String,
    /// Header names in lower case. A request that lacks one gets a 401 without a call of the authorizer.
    pub identity_headers: Vec<String>,
    /// How long a response is cached for each identity; zero disables the cache.
    pub reauthorize_every: Duration,
}

#[derive(Debug, Clone)]
pub struct Cors {
    pub allow_origins: Vec<String>,
    pub allow_methods: Vec<String>,
    pub allow_headers: Vec<String>,
    pub expose_headers: Vec<String>,
    pub max_age: Option<u64>,
    pub allow_credentials: bool,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub logical_id: String,
    pub name: String,
    pub arn: String,
    pub stream_arn: Option<String>,
    /// The `CreateTable` request that creates the table, in DynamoDB's JSON.
    pub create: serde_json::Value,
    pub ttl_attribute: Option<String>,
    /// It is that of the table's indexes too.
    pub policy: Option<Arc<ResourcePolicy>>,
}

#[derive(Debug, Clone)]
pub struct EventBus {
    pub logical_id: String,
    pub name: String,
    pub arn: String,
}

#[derive(Debug, Clone)]
pub struct Rule {
    pub logical_id: String,
    pub arn: String,
    pub bus_arn: String,
    pub pattern: serde_json::Value,
    pub targets: Vec<RuleTarget>,
}

impl Rule {
    /// Whether the queue with this ARN is a target.
    pub fn sends_to(&self, queue_arn: &str) -> bool {
        self.targets.iter().any(|target| target.queue_arn == queue_arn)
    }
}

#[derive(Debug, Clone)]
pub struct RuleTarget {
    pub queue_arn: String,
    pub group: Option<MessageGroup>,
}

/// By which the queue is fair: `SqsParameters: {MessageGroupId: …}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageGroup {
    Same(String),
    /// The text of the event to which these fields lead: `$.detail.tenant`.
    Field(Vec<String>),
}

#[derive(Debug, Clone)]
pub struct Queue {
    pub logical_id: String,
    pub name: String,
    pub arn: String,
    /// The value of `!Ref`: `https://sqs.<region>.amazonaws.com/<account>/<name>`.
    pub url: String,
    pub visibility_timeout: Duration,
    pub retention: Duration,
    pub redrive: Option<Redrive>,
    pub policy: Option<Arc<ResourcePolicy>>,
}

#[derive(Debug, Clone)]
pub struct Redrive {
    pub dead_letter_arn: String,
    pub max_receive_count: u32,
}

#[derive(Debug, Clone)]
pub struct SigningKey {
    pub logical_id: String,
    /// The value of `!Ref`: a UUID that depends only on the stack name and the logical id.
    pub key_id: String,
    pub arn: String,
    pub policy: Arc<ResourcePolicy>,
}
