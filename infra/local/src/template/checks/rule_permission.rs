//! A rule may send to a queue only by the queue's policy; without it AWS drops the events, silently.

use crate::model::{ACCOUNT, Queue};
use crate::template::draft::{Draft, RuleTarget};
use crate::template::policy::Statement;
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
        let of_queue = draft.queue_policies.iter().filter(|policy| policy.queue_urls.contains(&queue.url));
        if !of_queue.flat_map(|policy| &policy.statements).any(|statement| allows(statement, queue, rule_arn))
        {
            let problem = format!("no queue policy lets this rule send to {}.", queue.logical_id);
            let condition = format!("ArnEquals aws:SourceArn: !GetAtt {}.Arn", placed.logical_id);
            let remedy = format!(
                "add an AWS::SQS::QueuePolicy that allows {CALLER} sqs:SendMessage, with {condition}."
            );
            placed.refuse(report, problem, &remedy);
        }
    }
}

fn allows(statement: &Statement, queue: &Queue, rule: &str) -> bool {
    let principal =
        statement.principals.iter().any(|(kind, name)| name == "*" || (kind == "Service" && name == CALLER));
    let action =
        statement.actions.iter().any(|action| matches_glob(&action.to_ascii_lowercase(), "sqs:sendmessage"));
    let resource = statement.resources.iter().any(|resource| matches_glob(resource, &queue.arn));
    let conditions =
        statement.conditions.iter().all(|(operator, key, values)| holds(operator, key, values, rule));
    statement.allows && principal && action && resource && conditions
}

/// What EventBridge sends along is the rule's ARN and its account; any other condition fails.
fn holds(operator: &str, key: &str, values: &[String], rule: &str) -> bool {
    let sent = match key.to_ascii_lowercase().as_str() {
        "aws:sourcearn" => rule,
        "aws:sourceaccount" => ACCOUNT,
        _ => return false,
    };
    match operator {
        "ArnEquals" | "ArnLike" => values.iter().any(|value| matches_arn(value, sent)),
        "StringLike" => values.iter().any(|value| matches_glob(value, sent)),
        "StringEquals" => values.iter().any(|value| value == sent),
        _ => false,
    }
}

/// In an ARN's pattern a `*` stands for a part of one of its six fields.
fn matches_arn(pattern: &str, arn: &str) -> bool {
    let (patterns, fields) = (pattern.splitn(6, ':'), arn.splitn(6, ':'));
    patterns.clone().count() == fields.clone().count()
        && patterns.zip(fields).all(|(pattern, field)| matches_glob(pattern, field))
}

fn matches_glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            match rest.split_once(middle) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
    }
    last.map_or(rest.is_empty(), |end| rest.ends_with(end))
}
