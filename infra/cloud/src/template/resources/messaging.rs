//! Event buses, rules, queues and queue policies.

use std::time::Duration;

use serde_json::Value as Json;

use crate::model::{self, EventBus, MessageGroup, Queue, Redrive, Rule};
use crate::pattern::{Dialect, Pattern};
use crate::services::is_group;
use crate::template::draft::{Draft, Placed, QueuePolicy, RuleTarget};
use crate::template::fields::Fields;
use crate::template::identities::Identity;
use crate::template::policy::{self, Of};
use crate::template::yaml::{Node, Value};

/// EventBridge takes no longer one.
const LONGEST_GROUP: usize = 100;

pub(super) fn bus(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.required_text("Name");
    draft.stack.buses.push(EventBus {
        logical_id: fields.logical_id.to_owned(),
        name: identity.name.clone(),
        arn: identity.attribute("Arn"),
    });
}

pub(super) fn rule(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.text("Name");
    fields.choice("State", &["ENABLED"]);
    let line = fields.line_of("EventBusName");
    let bus = fields.required_text("EventBusName").unwrap_or_default();
    draft.rule_buses.push(Placed::new(fields, line, bus.clone()));
    let arn = identity.attribute("Arn");
    let rule = Rule {
        logical_id: fields.logical_id.to_owned(),
        pattern: pattern(fields),
        targets: targets(fields, &arn, draft),
        arn,
        bus_arn: bus,
    };
    draft.stack.rules.push(rule);
}

fn pattern(fields: &mut Fields<'_>) -> Json {
    let line = fields.line_of("EventPattern");
    let Some(node) = fields.take("EventPattern").map(|entry| entry.node).filter(may_be_mapping) else {
        fields.refuse(
            line,
            "EventPattern is missing, or not a mapping.",
            "add EventPattern: the events that the rule takes.",
        );
        return Json::Null;
    };
    let pattern = json(&node);
    if is_resolved(&node)
        && let Err(error) = Pattern::compile(&pattern, Dialect::Rule)
    {
        fields.refuse(
            line,
            format!("this EventPattern does not work here: {error}."),
            "write it with the operators of event patterns.",
        );
    }
    pattern
}

fn may_be_mapping(node: &Node) -> bool {
    matches!(node.value, Value::Map(_) | Value::Invalid)
}

/// A reference that cannot be resolved has been refused already.
fn is_resolved(node: &Node) -> bool {
    match &node.value {
        Value::Invalid => false,
        Value::List(items) => items.iter().all(is_resolved),
        Value::Map(entries) => entries.iter().all(|entry| is_resolved(&entry.node)),
        _ => true,
    }
}

fn targets(fields: &mut Fields<'_>, rule: &str, draft: &mut Draft) -> Vec<model::RuleTarget> {
    let targets = fields.maps("Targets", |target| {
        target.note_without_effect("Id");
        target.required_text("Id");
        dead_letter_config(target, rule, draft);
        let group = target.map("SqsParameters", message_group).flatten();
        let queue_arn = rule_target(target, "Targets.Arn", rule, draft)?;
        Some(model::RuleTarget { queue_arn, group })
    });
    targets.into_iter().flatten().flatten().collect()
}

fn message_group(parameters: &mut Fields<'_>) -> Option<MessageGroup> {
    let line = parameters.line_of("MessageGroupId");
    let text = parameters.required_text("MessageGroupId")?;
    let path = text.strip_prefix("$.").map(|path| path.split('.').map(str::to_owned).collect::<Vec<_>>());
    let is_field = |field: &String| {
        !field.is_empty() && field.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    match path {
        None if is_group(&text) && text.len() <= LONGEST_GROUP && !text.starts_with('$') => {
            Some(MessageGroup::Same(text))
        }
        Some(path) if text.len() <= LONGEST_GROUP && path.iter().all(is_field) => {
            Some(MessageGroup::Field(path))
        }
        _ => {
            let problem = format!("MessageGroupId {text} is not supported.");
            let remedy =
                "write the way to a text of the event, $.detail.tenant, or a text of up to 100 characters.";
            parameters.refuse(line, problem, remedy);
            None
        }
    }
}

fn dead_letter_config(target: &mut Fields<'_>, rule: &str, draft: &mut Draft) {
    if let Some(entry) = target.take_without_effect("DeadLetterConfig") {
        target.inner("Targets.DeadLetterConfig", entry.line, &entry.node, |config| {
            rule_target(config, "Targets.DeadLetterConfig.Arn", rule, draft)
        });
    }
}

fn rule_target(
    fields: &mut Fields<'_>,
    property: &'static str,
    rule: &str,
    draft: &mut Draft,
) -> Option<String> {
    let line = fields.line_of("Arn");
    let queue_arn = fields.required_text("Arn")?;
    let target = RuleTarget { property, rule_arn: rule.to_owned(), queue_arn: queue_arn.clone() };
    draft.rule_targets.push(Placed::new(fields, line, target));
    Some(queue_arn)
}

/// Plain scalars of YAML that look like numbers or booleans are such.
fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null | Value::Invalid | Value::Intrinsic { .. } => Json::Null,
        Value::Scalar { text, plain: false } => Json::String(text.clone()),
        Value::Scalar { text, plain: true } => match serde_json::from_str(text) {
            Ok(value @ (Json::Bool(_) | Json::Number(_))) => value,
            _ => Json::String(text.clone()),
        },
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), json(&entry.node))).collect(),
    }
}

pub(super) fn queue(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.text("QueueName");
    fields.choice("DelaySeconds", &["0"]);
    let redrive = fields.map("RedrivePolicy", |redrive| {
        let line = redrive.line_of("deadLetterTargetArn");
        let dead_letter_arn = redrive.required_text("deadLetterTargetArn");
        let receives = redrive.required_number("maxReceiveCount", 1..=1000);
        let dead_letter_arn = dead_letter_arn?;
        draft.dead_letters.push(Placed::new(redrive, line, dead_letter_arn.clone()));
        Some(Redrive { dead_letter_arn, max_receive_count: receives? })
    });
    draft.stack.queues.push(Queue {
        logical_id: fields.logical_id.to_owned(),
        name: identity.name.clone(),
        arn: identity.attribute("Arn"),
        url: identity.reference.clone(),
        visibility_timeout: Duration::from_secs(
            fields.number("VisibilityTimeout", 0..=43_200).unwrap_or(30).into(),
        ),
        retention: Duration::from_secs(
            fields.number("MessageRetentionPeriod", 60..=1_209_600).unwrap_or(345_600).into(),
        ),
        redrive: redrive.flatten(),
        policy: None,
    });
}

pub(super) fn queue_policy(fields: &mut Fields<'_>, draft: &mut Draft) {
    let queue_urls = fields.texts("Queues").unwrap_or_default();
    if queue_urls.is_empty() {
        fields.refuse(fields.line, "Queues is missing.", "name the queues that the policy is for.");
    }
    if let Some(entry) = fields.take_required("PolicyDocument") {
        let policy = policy::resource(fields, fields.logical_id, Of::Queue, &entry.node);
        draft.queue_policies.push(Placed::new(fields, entry.line, QueuePolicy { queue_urls, policy }));
    }
}
