//! `AWS::DynamoDB::Table`.

use std::sync::Arc;

use iam::ResourcePolicy;
use serde_json::{Value, json};

use crate::model::Table;
use crate::template::draft::Draft;
use crate::template::fields::Fields;
use crate::template::identities::Identity;
use crate::template::policy::{self, Of};

pub(super) fn table(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.text("TableName");
    fields.required_choice("BillingMode", &["PAY_PER_REQUEST"]);
    let attributes_line = fields.line_of("AttributeDefinitions");
    let attributes = fields.maps("AttributeDefinitions", |attribute| {
        let name = attribute.required_text("AttributeName").unwrap_or_default();
        let kind = attribute.required_choice("AttributeType", &["S", "N", "B"]).unwrap_or_default();
        json!({"AttributeName": name, "AttributeType": kind})
    });
    let attributes = attributes.unwrap_or_default();
    let mut create = json!({
        "TableName": identity.name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes,
        "KeySchema": key_schema(fields),
    });
    for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        if let Some(indexes) = fields.maps(kind, index) {
            create[kind] = Value::Array(indexes);
        }
    }
    if let Some(view) = stream_view(fields) {
        create["StreamSpecification"] = json!({"StreamEnabled": true, "StreamViewType": view});
    }
    check_keys(fields, attributes_line, &create);
    let stream_arn = create.get("StreamSpecification").map(|_| identity.attribute("StreamArn"));
    draft.stack.tables.push(Table {
        logical_id: fields.logical_id.to_owned(),
        name: identity.name.clone(),
        arn: identity.attribute("Arn"),
        stream_arn,
        create,
        ttl_attribute: ttl_attribute(fields),
        policy: resource_policy(fields),
    });
}

fn resource_policy(fields: &mut Fields<'_>) -> Option<Arc<ResourcePolicy>> {
    let name = format!("resource policy of {}", fields.logical_id);
    let policy = fields.map("ResourcePolicy", |own| {
        let document = own.take_required("PolicyDocument")?;
        policy::resource(own, &name, Of::Table, &document.node)
    });
    policy.flatten()
}

fn stream_view(fields: &mut Fields<'_>) -> Option<String> {
    let views = ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"];
    fields.map("StreamSpecification", |stream| stream.required_choice("StreamViewType", &views)).flatten()
}

fn ttl_attribute(fields: &mut Fields<'_>) -> Option<String> {
    let attribute = fields.map("TimeToLiveSpecification", |ttl| {
        let attribute = ttl.required_text("AttributeName");
        attribute.filter(|_| ttl.boolean("Enabled") == Some(true))
    });
    attribute.flatten()
}

fn key_schema(fields: &mut Fields<'_>) -> Value {
    let line = fields.line;
    let keys = fields.maps("KeySchema", |key| {
        let name = key.required_text("AttributeName").unwrap_or_default();
        let kind = key.required_choice("KeyType", &["HASH", "RANGE"]).unwrap_or_default();
        json!({"AttributeName": name, "KeyType": kind})
    });
    if keys.as_ref().is_none_or(Vec::is_empty) {
        fields.refuse(
            line,
            "KeySchema is missing.",
            "name the partition key, and the sort key if there is one.",
        );
    }
    Value::Array(keys.unwrap_or_default())
}

fn index(fields: &mut Fields<'_>) -> Value {
    let name = fields.required_text("IndexName").unwrap_or_default();
    let keys = key_schema(fields);
    let projection = fields.required_map("Projection", |projection| {
        let kind = projection
            .required_choice("ProjectionType", &["ALL", "KEYS_ONLY", "INCLUDE"])
            .unwrap_or_default();
        match projection.texts("NonKeyAttributes") {
            Some(names) => json!({"ProjectionType": kind, "NonKeyAttributes": names}),
            None => json!({"ProjectionType": kind}),
        }
    });
    json!({"IndexName": name, "KeySchema": keys, "Projection": projection})
}

/// DynamoDB requires a declaration of every key attribute, and of no other attribute.
fn check_keys(fields: &Fields<'_>, line: usize, create: &Value) {
    let names = |list: &Value| -> Vec<String> {
        list.as_array()
            .into_iter()
            .flatten()
            .filter_map(|item| item["AttributeName"].as_str())
            .map(str::to_owned)
            .collect()
    };
    let mut keys = names(&create["KeySchema"]);
    for kind in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
        keys.extend(
            create[kind].as_array().into_iter().flatten().flat_map(|index| names(&index["KeySchema"])),
        );
    }
    let declared = names(&create["AttributeDefinitions"]);
    for name in keys.iter().filter(|name| !declared.contains(name)) {
        fields.refuse(
            line,
            format!("the key attribute {name} has no definition."),
            "add it to AttributeDefinitions.",
        );
    }
    for name in declared.iter().filter(|name| !keys.contains(name)) {
        fields.refuse(
            line,
            format!("the attribute {name} is defined, but no key uses it."),
            "remove it from AttributeDefinitions.",
        );
    }
}
