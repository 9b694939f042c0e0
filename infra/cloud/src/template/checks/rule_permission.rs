//! Checks that queue policies allow rules to send. Without permission, AWS drops the events silently.

use iam::{Context, Policies, Principal, PrincipalPolicies, Request, decide};

use crate::model::{ACCOUNT, Queue};
use crate::template::draft::{Draft, RuleTarget};
use crate::template::keys::Filled;
use crate::template::refusal::Report;

const CALLER: &str = "events.amazonaws.com";

pub(super) fn check(draft: &Draft, report: &Report<'_>) {
    for placed in &draft.rule_targets {
        let RuleTarget { property, rule_arn, queue_arn } = &placed.item;
        let Some(queue) = draft.stack.queues.iter().find(|queue| queue.arn == *queue_arn) else {
            let problem = format!("{property} {queue_arn} is not a queue of the template.");
            placed.refuse(
                report,
                problem,
                "send to a queue, !GetAtt Queue.Arn, and let the queue feed the function.",
            );
            continue;
        };
        if draft.queues_of_refused_policies.contains(&queue.url) {
            continue;
        }
        if let Some((problem, remedy)) = refusal(queue, rule_arn, &placed.logical_id) {
            placed.refuse(report, problem, &remedy);
        }
    }
}

fn refusal(queue: &Queue, rule_arn: &str, rule: &str) -> Option<(String, String)> {
    let condition = format!("ArnEquals aws:SourceArn: !GetAtt {rule}.Arn");
    let name = &queue.logical_id;
    let policy = queue.policy.as_deref();
    if let Some(key) = policy.and_then(|policy| Filled::Rule.lacks(&policy.keys())) {
        let problem =
            format!("whether this rule may send to {name} depends on {key}, which EventBridge does not say.");
        return Some((problem, format!("use {condition} alone.")));
    }
    let caller = Principal::service(CALLER);
    let context = Context::new().with("aws:SourceArn", rule_arn).with("aws:SourceAccount", ACCOUNT);
    let (action, resource) = ("sqs:SendMessage", queue.arn.as_str());
    let request = Request { principal: &caller, action, resource, context: &context };
    let none = PrincipalPolicies::none();
    let policies = Policies { principal: &none, resource: policy, resource_owner: ACCOUNT };
    let denial = decide(&request, &policies).denial()?;
    let problem = format!("this rule may not send to {name}: {}.", denial.explain(&request));
    let remedy = format!(
        "let an AWS::SQS::QueuePolicy allow {CALLER} {action}, with {condition}, and deny it nowhere."
    );
    Some((problem, remedy))
}
