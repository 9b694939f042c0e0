//! Checks the streams and queues that feed functions, and the dead-letter queues.

use std::collections::BTreeSet;

use crate::model::{Function, Queue};
use crate::template::draft::{Draft, DraftSource, Placed};
use crate::template::refusal::Report;

pub(super) fn check(draft: &mut Draft, report: &Report<'_>) {
    for placed in draft.dead_letters.iter().filter(|placed| queue_of(draft, &placed.item).is_none()) {
        let problem = format!("deadLetterTargetArn {} is not a queue of the template.", placed.item);
        placed.refuse(report, problem, "write deadLetterTargetArn: !GetAtt Queue.Arn.");
    }
    let mut seen = BTreeSet::new();
    for placed in &draft.sources {
        let function = function_of(draft, placed, report);
        source(draft, placed, function, report);
        if let Some(function) = function
            && !seen.insert((&placed.item.arn, &function.arn))
        {
            let problem = format!("another mapping feeds {} from here already.", function.logical_id);
            placed.refuse(report, problem, "remove one of them: Lambda refuses the second.");
        }
    }
    name_functions(draft);
}

fn queue_of<'d>(draft: &'d Draft, arn: &str) -> Option<&'d Queue> {
    draft.stack.queues.iter().find(|queue| queue.arn == arn)
}

fn function_of<'d>(
    draft: &'d Draft,
    placed: &Placed<DraftSource>,
    report: &Report<'_>,
) -> Option<&'d Function> {
    let DraftSource { function: name, function_place, .. } = &placed.item;
    let function = draft.stack.functions.iter().find(|function| function.is_named(name));
    if function.is_none() {
        let problem = format!("FunctionName {name} is not a function of the template.");
        report.refuse_at(*function_place, &placed.logical_id, problem, "write FunctionName: !Ref Function.");
    }
    function
}

fn source(draft: &Draft, placed: &Placed<DraftSource>, function: Option<&Function>, report: &Report<'_>) {
    let arn = &placed.item.arn;
    let is_stream = draft.stack.tables.iter().any(|table| table.stream_arn.as_ref() == Some(arn));
    match queue_of(draft, arn) {
        Some(queue) => visibility(queue, function, placed, report),
        None if is_stream => {}
        None => placed.refuse(
            report,
            format!("EventSourceArn {arn} is neither a queue nor a stream of the template."),
            "write EventSourceArn: !GetAtt Queue.Arn, or !GetAtt Table.StreamArn.",
        ),
    }
}

/// Lambda refuses a queue whose messages could become visible again while the function still runs.
fn visibility(queue: &Queue, function: Option<&Function>, source: &Placed<DraftSource>, report: &Report<'_>) {
    let visible = queue.visibility_timeout;
    if let Some(function) = function.filter(|function| visible < function.timeout) {
        let (name, timeout, visible) = (&function.logical_id, function.timeout.as_secs(), visible.as_secs());
        let problem = format!(
            "{name}'s Timeout of {timeout} s is longer than {}'s VisibilityTimeout of {visible} s.",
            queue.logical_id
        );
        source.refuse(
            report,
            problem,
            "set the queue's VisibilityTimeout to six times the function's Timeout.",
        );
    }
}

/// Replaces the name or ARN of each source's function by its logical id.
fn name_functions(draft: &mut Draft) {
    let stack = &mut draft.stack;
    let queues = stack.queue_sources.iter_mut().map(|source| &mut source.function);
    let streams = stack.stream_sources.iter_mut().map(|source| &mut source.function);
    for name in queues.chain(streams) {
        if let Some(function) = stack.functions.iter().find(|function| function.is_named(name)) {
            name.clone_from(&function.logical_id);
        }
    }
}
