//! The stack while it is read, with the lines that checks across resources report.

use std::collections::BTreeMap;
use std::sync::Arc;

use iam::{LambdaPermission, ResourcePolicy};

use super::FIRST_DATA_VERSION;
use super::fields::Fields;
use super::refusal::{Place, Report};
use super::roles::{DraftRole, ManagedPolicies};
use crate::model::{HttpApi, LogSubscription, Route, RouteAuthorizer, Stack};

/// A value with its resource and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub(super) logical_id: String,
    pub(super) place: Place,
    pub(super) item: T,
}

impl<T> Placed<T> {
    pub(super) fn new(fields: &Fields<'_>, line: usize, item: T) -> Placed<T> {
        Placed { logical_id: fields.logical_id.to_owned(), place: fields.place(line), item }
    }

    pub(super) fn refuse(&self, report: &Report<'_>, problem: String, remedy: &str) {
        report.refuse_at(self.place, &self.logical_id, problem, remedy);
    }
}

/// A policy of some queues.
#[derive(Debug, Clone)]
pub(super) struct QueuePolicy {
    pub(super) queue_urls: Vec<String>,
    /// `None` if it was refused.
    pub(super) policy: Option<Arc<ResourcePolicy>>,
}

/// A queue that a rule sends to.
#[derive(Debug, Clone)]
pub(super) struct RuleTarget {
    /// The property that names the queue.
    pub(super) property: &'static str,
    pub(super) rule_arn: String,
    pub(super) queue_arn: String,
}

/// An event source mapping, placed at its `EventSourceArn`.
#[derive(Debug, Clone)]
pub(super) struct DraftSource {
    pub(super) arn: String,
    /// The name of the function, or its ARN.
    pub(super) function: String,
    pub(super) function_place: Place,
}

/// A permission, placed at its `FunctionName`.
#[derive(Debug, Clone)]
pub(super) struct DraftPermission {
    /// The name of the function, or its ARN.
    pub(super) function: String,
    /// Without the function's ARN, and without a principal that was refused.
    pub(super) permission: LambdaPermission,
}

/// A subscription filter, placed at its `LogGroupName`.
#[derive(Debug, Clone)]
pub(super) struct DraftSubscription {
    /// Without its function.
    pub(super) subscription: LogSubscription,
    pub(super) destination: String,
    pub(super) destination_place: Place,
}

pub(super) struct Draft {
    pub(super) stack: Stack,
    /// Where each resource begins, by logical id. They are unique among all stacks.
    pub(super) places: BTreeMap<String, Place>,
    pub(super) apis: Vec<Placed<ApiDraft>>,
    pub(super) routes: Vec<Placed<DraftRoute>>,
    /// The keys of `RouteSettings`.
    pub(super) throttled_routes: Vec<Placed<String>>,
    /// The ARN of each authorizer's function.
    pub(super) authorizer_functions: Vec<Placed<String>>,
    pub(super) rule_targets: Vec<Placed<RuleTarget>>,
    pub(super) rule_buses: Vec<Placed<String>>,
    pub(super) dead_letters: Vec<Placed<String>>,
    pub(super) sources: Vec<Placed<DraftSource>>,
    pub(super) permissions: Vec<Placed<DraftPermission>>,
    pub(super) subscriptions: Vec<Placed<DraftSubscription>>,
    pub(super) queue_policies: Vec<Placed<QueuePolicy>>,
    /// The URLs of queues whose policy was refused.
    pub(super) queues_of_refused_policies: Vec<String>,
    pub(super) roles: Vec<DraftRole>,
    /// The logical ids of roles that have a policy which was refused.
    pub(super) roles_of_refused_policies: Vec<String>,
    pub(super) managed_policies: ManagedPolicies,
    /// The names of roles and policies, each with its kind. They are unique whatever their paths are.
    pub(super) iam_names: Vec<Placed<(&'static str, String)>>,
}

#[derive(Debug, Clone)]
pub(super) struct ApiDraft {
    pub(super) api: HttpApi,
    /// The value of `!Ref`.
    pub(super) reference: String,
    /// `None` of a default that was refused.
    pub(super) default_authorizer: Option<RouteAuthorizer>,
    /// `EnableIamAuthorizer`.
    pub(super) has_iam: bool,
}

#[derive(Debug, Clone)]
pub(super) struct DraftRoute {
    /// The name of its stack.
    pub(super) stack: String,
    /// The value of `!Ref` for the route's API.
    pub(super) api: String,
    pub(super) route: Route,
    pub(super) authorizer: AskedAuthorizer,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AskedAuthorizer {
    /// The API's default, if it has one.
    Default,
    None,
    Named(String),
}

impl Draft {
    pub(super) fn new(name: &str) -> Draft {
        Draft {
            stack: Stack {
                name: name.to_owned(),
                functions: Vec::new(),
                roles: Vec::new(),
                apis: Vec::new(),
                tables: Vec::new(),
                buses: Vec::new(),
                rules: Vec::new(),
                queues: Vec::new(),
                signing_keys: Vec::new(),
                stream_sources: Vec::new(),
                queue_sources: Vec::new(),
                schedules: Vec::new(),
                log_groups: Vec::new(),
                log_subscriptions: Vec::new(),
                outputs: BTreeMap::new(),
                profiles: Vec::new(),
                data_version: FIRST_DATA_VERSION,
                without_effect: Vec::new(),
            },
            places: BTreeMap::new(),
            apis: Vec::new(),
            routes: Vec::new(),
            throttled_routes: Vec::new(),
            authorizer_functions: Vec::new(),
            rule_targets: Vec::new(),
            rule_buses: Vec::new(),
            dead_letters: Vec::new(),
            sources: Vec::new(),
            permissions: Vec::new(),
            subscriptions: Vec::new(),
            queue_policies: Vec::new(),
            queues_of_refused_policies: Vec::new(),
            roles: Vec::new(),
            roles_of_refused_policies: Vec::new(),
            managed_policies: ManagedPolicies::new(),
            iam_names: Vec::new(),
        }
    }
}
