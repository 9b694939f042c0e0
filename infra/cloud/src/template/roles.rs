//! The roles that SAM makes of functions.

use std::collections::BTreeMap;
use std::sync::Arc;

use iam::{IdentityPolicy, PrincipalPolicies, ResourceKind, ResourcePolicy};
use serde_json::json;

use super::draft::{Draft, Placed, QueuePolicy};
use super::refusal::Report;
use crate::model::Role;

/// What SAM attaches to the role of a function that is fed by a queue or by a table's stream.
///
/// AWS: AWSLambdaSQSQueueExecutionRole and AWSLambdaDynamoDBExecutionRole, in the AWS Managed Policy Reference Guide,
/// <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>
const POLLERS: [(&str, &[&str]); 2] = [
    (
        "AWSLambdaSQSQueueExecutionRole",
        &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    ),
    (
        "AWSLambdaDynamoDBExecutionRole",
        &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
    ),
];

/// A function's role, before the managed policies that it names are known.
#[derive(Debug, Clone)]
pub(super) struct DraftRole {
    pub(super) arn: String,
    /// `None` if Lambda alone may assume it.
    pub(super) trust: Option<Arc<ResourcePolicy>>,
    pub(super) policies: Vec<Arc<IdentityPolicy>>,
    /// The ARNs of managed policies.
    pub(super) managed: Vec<Placed<String>>,
    pub(super) function: String,
}

/// Completes the roles, and gives queues their policies, once everything is read.
pub(super) fn complete(draft: &mut Draft, report: &Report<'_>) {
    for placed in std::mem::take(&mut draft.queue_policies) {
        let QueuePolicy { queue_urls, policy } = &placed.item;
        let Some(policy) = policy else {
            draft.queues_of_refused_policies.extend_from_slice(queue_urls);
            continue;
        };
        for queue in draft.stack.queues.iter_mut().filter(|queue| queue_urls.contains(&queue.url)) {
            if queue.policy.replace(Arc::clone(policy)).is_some() {
                let problem = format!("{} has another policy already.", queue.logical_id);
                placed.refuse(report, problem, "join the statements: SQS keeps one policy for each queue.");
            }
        }
    }
    let roles = std::mem::take(&mut draft.roles);
    draft.stack.roles = roles.into_iter().filter_map(|role| completed(role, draft, report)).collect();
}

fn completed(role: DraftRole, draft: &Draft, report: &Report<'_>) -> Option<Role> {
    let mut policies = role.policies;
    for arn in role.managed {
        match draft.managed_policies.get(&arn.item) {
            Some(policy) => policies.push(Arc::clone(policy)),
            None => {
                let problem = format!("the managed policy {} is not in this template.", arn.item);
                arn.refuse(
                    report,
                    problem,
                    "use !Ref of an AWS::IAM::ManagedPolicy, or write its statements.",
                );
            }
        }
    }
    let fed = [
        draft.stack.queue_sources.iter().any(|source| source.function == role.function),
        draft.stack.stream_sources.iter().any(|source| source.function == role.function),
    ];
    for ((name, actions), is_fed) in POLLERS.into_iter().zip(fed) {
        policies.extend(is_fed.then(|| poller(name, actions)).flatten());
    }
    let trust = role.trust.or_else(lambda)?;
    Some(Role {
        arn: role.arn,
        trust,
        policies: PrincipalPolicies { identity: policies, ..PrincipalPolicies::none() },
    })
}

fn poller(name: &str, actions: &[&str]) -> Option<Arc<IdentityPolicy>> {
    let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    IdentityPolicy::parse(name, &document).ok().map(Arc::new)
}

/// The trust policy of a function whose template has none.
fn lambda() -> Option<Arc<ResourcePolicy>> {
    let service = json!({ "Service": "lambda.amazonaws.com" });
    let statement = json!({ "Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole" });
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    ResourcePolicy::parse("Lambda", ResourceKind::Role, &document).ok().map(Arc::new)
}

/// Managed policies by ARN.
pub(super) type ManagedPolicies = BTreeMap<String, Arc<IdentityPolicy>>;
