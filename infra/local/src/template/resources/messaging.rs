//! Event buses, rules, queues and queue policies.

use std::time::Duration;

use serde_json::Value as Json;

use crate::model::{EventBus, Queue, Redrive, Rule};
use crate::template::draft::{Draft, Placed, QueuePolicy};
use crate::template::fields::Fields;
use crate::template::identities::Identity;
use crate::template::policy::{self, Form};
use crate::template::yaml::{Node, Value};

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
    let bus_line = fields.line_of("EventBusName");
    let bus = fields.required_text("EventBusName").unwrap_or_default();
    draft.rule_buses.push(Placed {
        logical_id: fields.logical_id.to_owned(),
        line: bus_line,
        item: bus.clone(),
    });
    let pattern_line = fields.line_of("EventPattern");
    let pattern = match fields.take("EventPattern").map(|entry| entry.node) {
        Some(
            node @ Node {
                value: Value::Map(_),
                ..
            },
        ) => json(&node),
        Some(Node {
            value: Value::Invalid,
            ..
        }) => Json::Null,
        _ => {
            fields.refuse(
                pattern_line,
                "EventPattern is missing, or not a mapping.",
                "add EventPattern: the events that the rule takes.",
            );
            Json::Null
        }
    };
    let arn = identity.attribute("Arn");
    let targets = fields.maps("Targets", |target| {
        target.required_text("Id");
        let line = target.line_of("Arn");
        let target_arn = target.required_text("Arn")?;
        draft.rule_targets.push(Placed {
            logical_id: target.logical_id.to_owned(),
            line,
            item: (arn.clone(), target_arn.clone()),
        });
        Some(target_arn)
    });
    let target_queue_arns: Vec<String> = targets.into_iter().flatten().flatten().collect();
    draft.stack.rules.push(Rule {
        logical_id: fields.logical_id.to_owned(),
        arn,
        bus_arn: bus,
        pattern,
        target_queue_arns,
    });
}

/// YAML's plain scalars are numbers and booleans where they look like them.
fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null | Value::Invalid | Value::Intrinsic { .. } => Json::Null,
        Value::Scalar { text, plain: false } => Json::String(text.clone()),
        Value::Scalar { text, plain: true } => match serde_json::from_str(text) {
            Ok(value @ (Json::Bool(_) | Json::Number(_))) => value,
            _ => Json::String(text.clone()),
        },
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => entries
            .iter()
            .map(|entry| (entry.key.clone(), json(&entry.node)))
            .collect(),
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
        draft.dead_letters.push(Placed {
            logical_id: redrive.logical_id.to_owned(),
            line,
            item: dead_letter_arn.clone(),
        });
        Some(Redrive {
            dead_letter_arn,
            max_receive_count: receives?,
        })
    });
    draft.stack.queues.push(Queue {
        logical_id: fields.logical_id.to_owned(),
        name: identity.name.clone(),
        arn: identity.attribute("Arn"),
        url: identity.reference.clone(),
        visibility_timeout: Duration::from_secs(
            fields
                .number("VisibilityTimeout", 0..=43_200)
                .unwrap_or(30)
                .into(),
        ),
        retention: Duration::from_secs(
            fields
                .number("MessageRetentionPeriod", 60..=1_209_600)
                .unwrap_or(345_600)
                .into(),
        ),
        redrive: redrive.flatten(),
    });
}

pub(super) fn queue_policy(fields: &mut Fields<'_>, draft: &mut Draft) {
    let queue_urls = fields.texts("Queues").unwrap_or_default();
    if queue_urls.is_empty() {
        fields.refuse(
            fields.line,
            "Queues is missing.",
            "name the queues that the policy is for.",
        );
    }
    match fields.take_without_effect("PolicyDocument") {
        Some(entry) => {
            let statements = policy::document(fields, Form::Resource, &entry);
            draft.queue_policies.push(QueuePolicy {
                queue_urls,
                statements,
            });
        }
        None => fields.refuse(
            fields.line,
            "PolicyDocument is missing.",
            "add PolicyDocument.",
        ),
    }
}
