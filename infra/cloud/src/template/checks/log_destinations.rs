//! Checks the functions that get lines of log groups: that CloudWatch may call them, and that they do not feed
//! themselves.
//!
//! AWS: Log group-level subscription filters,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html>

use std::collections::{BTreeMap, BTreeSet};

use iam::{Context, Policies, Principal, PrincipalPolicies, Request, decide};

use crate::model::{ACCOUNT, Function, LogGroup, LogSubscription};
use crate::template::draft::{Draft, DraftSubscription, Placed};
use crate::template::refusal::Report;

const CALLER: &str = "logs.amazonaws.com";
/// A quota of CloudWatch.
const FILTERS_PER_GROUP: usize = 2;

/// The functions have their policies already.
pub(in crate::template) fn check(draft: &mut Draft, report: &Report<'_>) {
    let mut filters: BTreeMap<String, usize> = BTreeMap::new();
    for placed in std::mem::take(&mut draft.subscriptions) {
        let ends = (group(draft, &placed, report), function(draft, &placed, report));
        let (Some(group), Some(function)) = ends else { continue };
        let count = filters.entry(group.name.clone()).or_default();
        *count += 1;
        if *count > FILTERS_PER_GROUP {
            let problem =
                format!("{} has {FILTERS_PER_GROUP} subscription filters already.", group.logical_id);
            placed.refuse(report, problem, "remove one of them: CloudWatch takes no more of a log group.");
        }
        if let Some(problem) = denial(function, group).filter(|_| !has_refused_permission(draft, function)) {
            let remedy = format!(
                "let an AWS::Lambda::Permission allow {CALLER} lambda:InvokeFunction, with SourceArn: !GetAtt {}.Arn.",
                group.logical_id
            );
            placed.refuse(report, problem, &remedy);
        }
        let function = function.logical_id.clone();
        draft.stack.log_subscriptions.push(LogSubscription { function, ..placed.item.subscription.clone() });
        if feeds_itself(draft, &placed.item.subscription.log_group) {
            let problem = "the lines of this log group would make more lines of it without end.".to_owned();
            placed.refuse(report, problem, "give the function a log group of its own, in LoggingConfig.");
        }
    }
}

fn group<'d>(
    draft: &'d Draft,
    placed: &Placed<DraftSubscription>,
    report: &Report<'_>,
) -> Option<&'d LogGroup> {
    let name = &placed.item.subscription.log_group;
    let group = draft.stack.log_groups.iter().find(|group| group.name == *name);
    if group.is_none() {
        let problem = format!("LogGroupName {name} is not a log group of the template.");
        placed.refuse(report, problem, "write LogGroupName: !Ref of a log group.");
    }
    group
}

fn function<'d>(
    draft: &'d Draft,
    placed: &Placed<DraftSubscription>,
    report: &Report<'_>,
) -> Option<&'d Function> {
    let DraftSubscription { destination, destination_place, .. } = &placed.item;
    let function = draft.stack.functions.iter().find(|function| function.arn == *destination);
    if function.is_none() {
        let problem = format!("DestinationArn {destination} is not a function of the template.");
        let remedy = "write DestinationArn: !GetAtt Function.Arn.";
        report.refuse_at(*destination_place, &placed.logical_id, problem, remedy);
    }
    function
}

fn denial(function: &Function, group: &LogGroup) -> Option<String> {
    let caller = Principal::service(CALLER);
    let context = Context::new().with("aws:SourceArn", &group.arn).with("aws:SourceAccount", ACCOUNT);
    let (action, resource) = ("lambda:InvokeFunction", function.arn.as_str());
    let request = Request { principal: &caller, action, resource, context: &context };
    let none = PrincipalPolicies::none();
    let policies =
        Policies { principal: &none, resource: function.policy.as_deref(), resource_owner: ACCOUNT };
    let denial = decide(&request, &policies).denial()?;
    let (function, group) = (&function.logical_id, &group.logical_id);
    Some(format!("CloudWatch may not call {function} with lines of {group}: {}.", denial.explain(&request)))
}

/// Then nothing can be said of who may call the function.
fn has_refused_permission(draft: &Draft, function: &Function) -> bool {
    let mut permissions = draft.permissions.iter().map(|placed| &placed.item);
    permissions.any(|one| one.permission.principal.is_empty() && function.is_named(&one.function))
}

/// Whether lines of the group come back to it, by the functions that get them and those that get theirs.
fn feeds_itself(draft: &Draft, group: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut reached = vec![group];
    while let Some(from) = reached.pop() {
        for next in fed_by(draft, from) {
            if next == group {
                return true;
            }
            if seen.insert(next) {
                reached.push(next);
            }
        }
    }
    false
}

/// The log groups of the functions that get lines of this one.
fn fed_by<'d>(draft: &'d Draft, group: &'d str) -> impl Iterator<Item = &'d str> {
    let subscriptions = draft.stack.log_subscriptions.iter().filter(move |one| one.log_group == group);
    subscriptions.filter_map(|one| {
        let function = draft.stack.functions.iter().find(|function| function.logical_id == one.function);
        Some(function?.log_group.as_str())
    })
}
