//! Log groups, and the functions that get lines of them.

use iam::LambdaPermission;

use crate::log_pattern::LogPattern;
use crate::model::{LogGroup, LogSubscription};
use crate::template::draft::{Draft, DraftPermission, DraftSubscription, Placed};
use crate::template::fields::Fields;
use crate::template::identities::Identity;

/// The services that call functions here in the name of a resource.
const CALLERS: &[&str] = &["apigateway.amazonaws.com", "events.amazonaws.com", "logs.amazonaws.com"];

pub(super) fn log_group(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.text("LogGroupName");
    draft.stack.log_groups.push(LogGroup {
        logical_id: fields.logical_id.to_owned(),
        name: identity.name.clone(),
        arn: identity.attribute("Arn"),
    });
}

pub(super) fn subscription_filter(fields: &mut Fields<'_>, identity: &Identity, draft: &mut Draft) {
    fields.text("FilterName");
    let (group_line, destination_line) = (fields.line_of("LogGroupName"), fields.line_of("DestinationArn"));
    let parts =
        (fields.required_text("LogGroupName"), pattern(fields), fields.required_text("DestinationArn"));
    let (Some(log_group), Some(pattern), Some(destination)) = parts else {
        return;
    };
    let subscription = LogSubscription {
        logical_id: fields.logical_id.to_owned(),
        name: identity.name.clone(),
        log_group,
        pattern,
        function: String::new(),
    };
    let subscription =
        DraftSubscription { subscription, destination, destination_place: fields.place(destination_line) };
    draft.subscriptions.push(Placed::new(fields, group_line, subscription));
}

fn pattern(fields: &mut Fields<'_>) -> Option<String> {
    let line = fields.line_of("FilterPattern");
    let pattern = fields.required_text("FilterPattern")?;
    if let Err(error) = LogPattern::parse(&pattern) {
        fields.refuse(
            line,
            format!("this FilterPattern does not work here: {error}."),
            "write a pattern for JSON, such as '{ $.kind = \"usage\" }', or '' for all lines.",
        );
        return None;
    }
    Some(pattern)
}

pub(super) fn permission(fields: &mut Fields<'_>, draft: &mut Draft) {
    fields.required_choice("Action", &["lambda:InvokeFunction"]);
    let line = fields.line_of("FunctionName");
    let parts = (fields.required_text("FunctionName"), fields.required_choice("Principal", CALLERS));
    let permission = LambdaPermission {
        id: fields.logical_id.to_owned(),
        action: "lambda:InvokeFunction".to_owned(),
        function_arn: String::new(),
        principal: parts.1.unwrap_or_default(),
        source_arn: fields.text("SourceArn"),
        source_account: fields.text("SourceAccount"),
    };
    if let Some(function) = parts.0 {
        draft.permissions.push(Placed::new(fields, line, DraftPermission { function, permission }));
    }
}
