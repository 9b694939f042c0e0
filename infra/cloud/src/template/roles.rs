//! The roles of functions and those that the template declares, once all managed policies are known.

use std::collections::BTreeMap;
use std::sync::Arc;

use iam::{IdentityPolicy, PrincipalPolicies, ResourceKind, ResourcePolicy, Tags};
use serde_json::json;

use super::draft::{Draft, Placed, QueuePolicy};
use super::refusal::Report;
use crate::model::Role;

/// A role, before the managed policies that it names are known.
#[derive(Debug, Clone)]
pub(super) struct DraftRole {
    pub(super) logical_id: String,
    pub(super) arn: String,
    /// `None` if Lambda alone may assume it.
    pub(super) trust: Option<Arc<ResourcePolicy>>,
    pub(super) policies: Vec<Arc<IdentityPolicy>>,
    /// The ARNs of managed policies.
    pub(super) managed: Vec<Placed<String>>,
    /// That of a managed policy too.
    pub(super) boundary: Option<Placed<String>>,
    pub(super) tags: Tags,
}

/// Managed policies by ARN; `None` for those that were refused.
pub(super) type ManagedPolicies = BTreeMap<String, Option<Arc<IdentityPolicy>>>;

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
    for role in roles {
        let is_whole =
            |placed: &Placed<String>| matches!(draft.managed_policies.get(&placed.item), Some(Some(_)));
        if !role.managed.iter().chain(&role.boundary).all(is_whole) {
            draft.roles_of_refused_policies.push(role.logical_id.clone());
        }
        draft.stack.roles.extend(completed(role, &draft.managed_policies, report));
    }
}

fn completed(role: DraftRole, known: &ManagedPolicies, report: &Report<'_>) -> Option<Role> {
    let managed = |arn: &Placed<String>, remedy| match known.get(&arn.item) {
        Some(policy) => policy.clone(),
        None => {
            arn.refuse(report, format!("the managed policy {} is not in this template.", arn.item), remedy);
            None
        }
    };
    let mut identity = role.policies;
    let remedy = "use !Ref of an AWS::IAM::ManagedPolicy, or write its statements.";
    identity.extend(role.managed.iter().filter_map(|arn| managed(arn, remedy)));
    let boundary =
        role.boundary.as_ref().and_then(|arn| managed(arn, "use !Ref of an AWS::IAM::ManagedPolicy."));
    Some(Role {
        logical_id: role.logical_id,
        arn: role.arn,
        trust: role.trust.or_else(lambda)?,
        policies: PrincipalPolicies { identity, boundary, session: None },
        tags: role.tags,
    })
}

/// The trust policy of a function whose template has none.
fn lambda() -> Option<Arc<ResourcePolicy>> {
    let service = json!({ "Service": "lambda.amazonaws.com" });
    let statement = json!({ "Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole" });
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    ResourcePolicy::parse("Lambda", ResourceKind::Role, &document).ok().map(Arc::new)
}
