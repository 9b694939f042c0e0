//! A small stack: one table with a stream, one rule to a queue with dead letters, one key.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cloud::model::{
    EventBus, Function, Queue, QueueSource, Redrive, Role, Rule, RuleTarget, SigningKey, Stack, StreamSource,
    Table,
};
use iam::{IdentityPolicy, PrincipalPolicies, ResourceKind, ResourcePolicy, Tags};
use serde_json::{Value, json};

pub(crate) const TABLE: &str = "terrace-Items";
pub(crate) const BUS: &str = "terrace";
pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/terrace-WorkerFunctionRole";
pub(crate) const DATA_ROLE: &str = "arn:aws:iam::123456789012:role/terrace/tenant/DataRole";
pub(crate) const KEY_ID: &str = "0b0a64d4-7f0c-4b7e-9d51-000000000001";

fn queue(name: &str, redrive: Option<Redrive>) -> Queue {
    Queue {
        logical_id: name.into(),
        name: format!("terrace-{name}"),
        arn: queue_arn(name),
        url: queue_url(name),
        visibility_timeout: Duration::from_secs(60),
        retention: Duration::from_secs(3600),
        redrive,
        policy: None,
    }
}

pub(crate) fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:eu-west-1:123456789012:terrace-{name}")
}

pub(crate) fn queue_url(name: &str) -> String {
    format!("https://sqs.eu-west-1.amazonaws.com/123456789012/terrace-{name}")
}

pub(crate) fn table() -> Table {
    let arn = format!("arn:aws:dynamodb:eu-west-1:123456789012:table/{TABLE}");
    Table {
        logical_id: "Items".into(),
        name: TABLE.into(),
        stream_arn: Some(format!("{arn}/stream/2026-01-01T00:00:00.000")),
        arn,
        create: json!({
            "TableName": TABLE,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
        }),
        ttl_attribute: Some("expiresAt".into()),
        policy: None,
    }
}

fn worker() -> Function {
    Function {
        logical_id: "WorkerFunction".into(),
        name: "terrace-WorkerFunction".into(),
        arn: "arn:aws:lambda:eu-west-1:123456789012:function:terrace-WorkerFunction".into(),
        role_arn: ROLE.into(),
        binary: "worker".into(),
        description: String::new(),
        memory_mb: 128,
        timeout: Duration::from_secs(10),
        reserved_concurrency: None,
        allows_recursive_loop: false,
        environment: BTreeMap::new(),
        log_group: String::new(),
        policy: None,
    }
}

/// A role with a path and a tag, which whoever is tagged to vend may assume for a tenant.
pub(crate) fn data_role(statements: Value) -> Role {
    let statement = json!({
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {
            "StringEquals": { "aws:RequestTag/Access": "${aws:PrincipalTag/Vends}", "aws:ResourceTag/Holds": "data" },
        },
    });
    let trust = json!({ "Version": "2012-10-17", "Statement": [statement] });
    let trust = ResourcePolicy::parse("trust of DataRole", ResourceKind::Role, &trust).unwrap();
    Role {
        logical_id: "DataRole".into(),
        arn: DATA_ROLE.into(),
        trust: Arc::new(trust),
        policies: allowing("data", statements),
        tags: Tags::new([("Holds", "data"), ("Access", "none")]).unwrap(),
    }
}

fn allowing(name: &str, statements: Value) -> PrincipalPolicies {
    let identity = vec![policy(name, statements)];
    PrincipalPolicies { identity, ..PrincipalPolicies::none() }
}

pub(crate) fn policy(name: &str, statements: Value) -> Arc<IdentityPolicy> {
    let document = json!({ "Version": "2012-10-17", "Statement": statements });
    Arc::new(IdentityPolicy::parse(name, &document).unwrap())
}

/// The worker's role, which the account's principals may assume.
pub(crate) fn role(statements: Value) -> Role {
    let policies = allowing("worker", statements);
    Role {
        logical_id: "WorkerFunctionRole".into(),
        arn: ROLE.into(),
        trust: Arc::new(account_policy("trust", ResourceKind::Role)),
        policies,
        tags: Tags::none(),
    }
}

fn account_policy(name: &str, kind: ResourceKind) -> ResourcePolicy {
    let mut statement = json!({
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    });
    if kind == ResourceKind::Key {
        (statement["Action"], statement["Resource"]) = (json!("kms:*"), json!("*"));
    }
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    ResourcePolicy::parse(name, kind, &document).unwrap()
}

pub(crate) fn stack() -> Stack {
    let bus_arn = format!("arn:aws:events:eu-west-1:123456789012:event-bus/{BUS}");
    Stack {
        name: "terrace".into(),
        functions: vec![worker()],
        roles: vec![role(json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }]))],
        apis: Vec::new(),
        tables: vec![table()],
        rules: vec![Rule {
            logical_id: "WorkRule".into(),
            arn: format!("arn:aws:events:eu-west-1:123456789012:rule/{BUS}/terrace-WorkRule"),
            bus_arn: bus_arn.clone(),
            pattern: json!({"source": ["terrace"], "detail-type": ["order.placed"]}),
            targets: vec![RuleTarget { queue_arn: queue_arn("Work"), group: None }],
        }],
        buses: vec![EventBus { logical_id: "EventBus".into(), name: BUS.into(), arn: bus_arn }],
        queues: vec![
            queue("Work", Some(Redrive { dead_letter_arn: queue_arn("Dead"), max_receive_count: 2 })),
            queue("Dead", None),
        ],
        signing_keys: vec![SigningKey {
            logical_id: "SigningKey".into(),
            key_id: KEY_ID.into(),
            arn: format!("arn:aws:kms:eu-west-1:123456789012:key/{KEY_ID}"),
            policy: Arc::new(account_policy("key", ResourceKind::Key)),
        }],
        stream_sources: vec![],
        queue_sources: vec![],
        schedules: vec![],
        log_groups: vec![],
        log_subscriptions: vec![],
        outputs: BTreeMap::new(),
        profiles: Vec::new(),
        data_version: 1,
        without_effect: vec![],
    }
}

pub(crate) fn stack_with_queue_source() -> Stack {
    let source = QueueSource {
        logical_id: "WorkerFunctionQueue".into(),
        function: "WorkerFunction".into(),
        queue_arn: queue_arn("Work"),
        enabled: true,
        batch_size: 10,
        batching_window: Duration::ZERO,
        maximum_concurrency: None,
        report_item_failures: true,
        filters: vec![],
    };
    Stack { queue_sources: vec![source], ..stack() }
}

pub(crate) fn stack_with_stream_source() -> Stack {
    let source = StreamSource {
        logical_id: "WorkerFunctionStream".into(),
        function: "WorkerFunction".into(),
        stream_arn: table().stream_arn.unwrap(),
        enabled: true,
        batch_size: 100,
        batching_window: Duration::ZERO,
        bisect_on_error: true,
        report_item_failures: true,
        max_retries: None,
        filters: vec![
            json!({"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "e#"}]}}}}),
        ],
    };
    Stack { stream_sources: vec![source], ..stack() }
}
