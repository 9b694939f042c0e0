//! One reader for each resource type, from its properties to the model.

mod api;
mod events;
mod function;
mod messaging;
mod storage;

use super::draft::Draft;
use super::fields::Fields;
use super::identities::Identity;
use super::policy::{self, Form};
use crate::model::SigningKey;

/// Reads one resource's properties into the draft.
pub(super) fn read(kind: &str, fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    match kind {
        "AWS::DynamoDB::Table" => storage::table(fields, identity, draft),
        "AWS::Events::EventBus" => messaging::bus(fields, identity, draft),
        "AWS::Events::Rule" => messaging::rule(fields, identity, draft),
        "AWS::IAM::ManagedPolicy" => managed_policy(fields),
        "AWS::KMS::Key" => signing_key(fields, identity, draft),
        "AWS::SQS::Queue" => messaging::queue(fields, identity, draft),
        "AWS::SQS::QueuePolicy" => messaging::queue_policy(fields, draft),
        "AWS::Serverless::Function" => function::function(fields, identity, draft),
        "AWS::Serverless::HttpApi" => api::api(fields, draft),
        // All properties that a log group may set are listed in `without_effect`.
        _ => {}
    }
}

fn managed_policy(fields: &mut Fields<'_>) {
    fields.text("ManagedPolicyName");
    match fields.take_without_effect("PolicyDocument") {
        Some(entry) => drop(policy::document(fields, Form::Identity, &entry)),
        None => fields.refuse(fields.line, "PolicyDocument is missing.", "add PolicyDocument."),
    }
}

fn signing_key(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.required_choice("KeySpec", &["ECC_NIST_P256"]);
    fields.required_choice("KeyUsage", &["SIGN_VERIFY"]);
    fields.choice("Enabled", &["true"]);
    if let Some(entry) = fields.take_without_effect("KeyPolicy") {
        policy::document(fields, Form::Resource, &entry);
    }
    let key = SigningKey {
        logical_id: fields.logical_id.to_owned(),
        key_id: identity.reference.clone(),
        arn: identity.attribute("Arn"),
    };
    draft.stack.signing_keys.push(key);
}
