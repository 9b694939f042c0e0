//! Checks that functions' roles may read the streams and queues that feed them. Lambda polls in their name, and refuses
//! to create a mapping whose role may not.
//!
//! AWS: Configuring a Lambda function to process Amazon SQS messages,
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>; Process DynamoDB records with Lambda,
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html>

use iam::{Context, Policies, Principal, Request, ResourcePolicy, RoleSession, decide};
use jiff::Timestamp;

use crate::model::{ACCOUNT, Function, Role};
use crate::template::draft::{Draft, DraftSource, Placed};
use crate::template::refusal::Report;

const OF_QUEUES: &[&str] = &["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
const OF_STREAMS: &[&str] =
    &["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];

/// What is read, with the policy that it has itself.
struct Read<'d> {
    arn: &'d str,
    policy: Option<&'d ResourcePolicy>,
    actions: &'static [&'static str],
}

/// The sources have the logical ids of their functions already.
pub(super) fn check(draft: &Draft, report: &Report<'_>) {
    let functions = |source: &Placed<DraftSource>| {
        let of_queues = draft.stack.queue_sources.iter().map(|source| (&source.logical_id, &source.function));
        let of_streams =
            draft.stack.stream_sources.iter().map(|source| (&source.logical_id, &source.function));
        let (_, function) = of_queues.chain(of_streams).find(|(id, _)| **id == source.logical_id)?;
        draft.stack.functions.iter().find(|known| known.logical_id == *function)
    };
    for placed in &draft.sources {
        let (Some(function), Some(read)) = (functions(placed), read(draft, &placed.item.arn)) else {
            continue;
        };
        let role = draft.stack.roles.iter().find(|role| role.arn == function.role_arn);
        // The other policies of such a role say nothing of what the whole role may do.
        let Some(role) = role.filter(|role| !draft.roles_of_refused_policies.contains(&role.logical_id))
        else {
            continue;
        };
        if let Some((problem, remedy)) = refusal(function, role, &read) {
            placed.refuse(report, problem, &remedy);
        }
    }
}

fn read<'d>(draft: &'d Draft, arn: &str) -> Option<Read<'d>> {
    let stream =
        draft.stack.tables.iter().find_map(|table| table.stream_arn.as_deref().filter(|own| *own == arn));
    if let Some(arn) = stream {
        return Some(Read { arn, policy: None, actions: OF_STREAMS });
    }
    let queue = draft.stack.queues.iter().find(|queue| queue.arn == arn)?;
    Some(Read { arn: &queue.arn, policy: queue.policy.as_deref(), actions: OF_QUEUES })
}

fn refusal(function: &Function, role: &Role, read: &Read<'_>) -> Option<(String, String)> {
    let session = RoleSession {
        role_arn: role.arn.clone(),
        session_name: function.name.clone(),
        role_tags: role.tags.clone(),
        issued_at: Some(Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        ..RoleSession::default()
    };
    let (caller, context) = (Principal::session(session).ok()?, Context::new());
    let policies = Policies { principal: &role.policies, resource: read.policy, resource_owner: ACCOUNT };
    read.actions.iter().find_map(|action| {
        // Streams cannot be listed one by one.
        let resource = if *action == "dynamodb:ListStreams" { "*" } else { read.arn };
        let request = Request { principal: &caller, action, resource, context: &context };
        let denial = decide(&request, &policies).denial()?;
        let problem = format!(
            "Lambda may not read this in the name of {}: {}.",
            function.logical_id,
            denial.explain(&request)
        );
        let remedy = format!(
            "let a policy of the function, and its boundary if it has one, allow {} on {}{}.",
            read.actions.join(", "),
            read.arn,
            if read.actions == OF_STREAMS { ", the last one on *" } else { "" },
        );
        Some((problem, remedy))
    })
}
