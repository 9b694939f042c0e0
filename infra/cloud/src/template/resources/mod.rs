//! One reader for each resource type, from its properties to the model.

pub(super) mod api;
mod events;
mod function;
mod logs;
mod messaging;
mod role;
mod sources;
mod storage;

use super::draft::Draft;
use super::fields::Fields;
use super::identities::Identity;
use super::nested;
use super::policy::{self, Of};
use crate::model::SigningKey;

/// Reads one resource's properties into the draft.
pub(super) fn read(kind: &str, fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    match kind {
        // They are read before, since the names of this template's resources need the nested one's outputs.
        nested::TYPE => fields.leave(&["TemplateURL", "Parameters"]),
        "AWS::DynamoDB::Table" => storage::table(fields, identity, draft),
        "AWS::Events::EventBus" => messaging::bus(fields, identity, draft),
        "AWS::Events::Rule" => messaging::rule(fields, identity, draft),
        "AWS::IAM::ManagedPolicy" => role::managed_policy(fields, identity, draft),
        "AWS::IAM::Role" => role::role(fields, identity, draft),
        "AWS::KMS::Key" => signing_key(fields, identity, draft),
        "AWS::Lambda::EventSourceMapping" => sources::event_source_mapping(fields, draft),
        "AWS::Lambda::Permission" => logs::permission(fields, draft),
        "AWS::Logs::LogGroup" => logs::log_group(fields, identity, draft),
        "AWS::Logs::SubscriptionFilter" => logs::subscription_filter(fields, identity, draft),
        "AWS::SQS::Queue" => messaging::queue(fields, identity, draft),
        "AWS::SQS::QueuePolicy" => messaging::queue_policy(fields, draft),
        "AWS::Serverless::Function" => function::function(fields, identity, draft),
        "AWS::Serverless::HttpApi" => api::api(fields, identity, draft),
        // All properties that these may set are listed in `without_effect`.
        _ => {}
    }
}

fn signing_key(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.required_choice("KeySpec", &["ECC_NIST_P256"]);
    fields.required_choice("KeyUsage", &["SIGN_VERIFY"]);
    fields.choice("Enabled", &["true"]);
    let name = format!("key policy of {}", fields.logical_id);
    let policy = match fields.take("KeyPolicy") {
        Some(entry) => policy::resource(fields, &name, Of::Key, &entry.node),
        None => policy::default_of_key(&name),
    };
    let Some(policy) = policy else { return };
    let key = SigningKey {
        policy,
        logical_id: fields.logical_id.to_owned(),
        key_id: identity.reference.clone(),
        arn: identity.attribute("Arn"),
    };
    draft.stack.signing_keys.push(key);
}
