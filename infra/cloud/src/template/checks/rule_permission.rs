//! Checks that queue policies allow rules to send. Without permission, AWS drops the events silently.

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
        let policies = draft.queue_policies.iter().filter(|policy| policy.queue_urls.contains(&queue.url));
        let statements: Vec<_> = policies.flat_map(|policy| &policy.statements).collect();
        if let Some((problem, remedy)) = refusal(&statements, queue, rule_arn, &placed.logical_id) {
            placed.refuse(report, problem, &remedy);
        }
    }
}

fn refusal(statements: &[&Statement], queue: &Queue, rule_arn: &str, rule: &str) -> Option<(String, String)> {
    let about: Vec<_> = statements.iter().filter(|statement| is_about(statement, queue)).collect();
    let holding = |allows: bool| {
        about
            .iter()
            .filter(move |statement| statement.allows == allows)
            .map(|statement| decided(statement, rule_arn))
    };
    let queue = &queue.logical_id;
    if holding(false).any(|holds| holds == Ok(true)) {
        let problem = format!("a queue policy forbids this rule to send to {queue}.");
        return Some((problem, "remove the Deny, or make its condition exclude the rule.".to_owned()));
    }
    if holding(true).any(|holds| holds == Ok(true)) {
        return None;
    }
    let condition = format!("ArnEquals aws:SourceArn: !GetAtt {rule}.Arn");
    if let Some(undecided) = holding(true).find_map(Result::err) {
        let problem = format!(
            "whether this rule may send to {queue} depends on {undecided}, which is not decided here."
        );
        return Some((problem, format!("use {condition} alone.")));
    }
    let problem = format!("no queue policy lets this rule send to {queue}.");
    let remedy =
        format!("add an AWS::SQS::QueuePolicy that allows {CALLER} sqs:SendMessage, with {condition}.");
    Some((problem, remedy))
}

/// Whether the statement's conditions hold; the error is a condition that cannot be evaluated here.
fn decided(statement: &Statement, rule_arn: &str) -> Result<bool, String> {
    let mut undecided = None;
    for (operator, key, values) in &statement.conditions {
        match holds(operator, key, values, rule_arn) {
            Some(true) => {}
            Some(false) => return Ok(false),
            None => undecided = Some(format!("{operator} {key}")),
        }
    }
    undecided.map_or(Ok(true), Err)
}

fn is_about(statement: &Statement, queue: &Queue) -> bool {
    let principal =
        statement.principals.iter().any(|(kind, name)| name == "*" || (kind == "Service" && name == CALLER));
    let action =
        statement.actions.iter().any(|action| matches_glob(&action.to_ascii_lowercase(), "sqs:sendmessage"));
    let resource = statement.resources.iter().any(|resource| matches_glob(resource, &queue.arn));
    principal && action && resource
}

/// EventBridge sends the rule's ARN and account. `None` for conditions on anything else.
fn holds(operator: &str, key: &str, values: &[String], rule_arn: &str) -> Option<bool> {
    let sent = match key.to_ascii_lowercase().as_str() {
        "aws:sourcearn" => rule_arn,
        "aws:sourceaccount" => ACCOUNT,
        _ => return None,
    };
    match operator {
        "ArnEquals" | "ArnLike" => Some(values.iter().any(|value| matches_arn(value, sent))),
        "StringLike" => Some(values.iter().any(|value| matches_glob(value, sent))),
        "StringEquals" => Some(values.iter().any(|value| value == sent)),
        _ => None,
    }
}

/// In the pattern of an ARN, a `*` matches only within one of the six fields.
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
