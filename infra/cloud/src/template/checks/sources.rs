//! Checks the streams and queues that feed functions, and the dead-letter queues.

use crate::model::Queue;
use crate::template::draft::{Draft, Placed};
use crate::template::refusal::Report;

pub(super) fn check(draft: &Draft, report: &Report<'_>) {
    let stack = &draft.stack;
    for placed in draft.dead_letters.iter().filter(|placed| queue_of(draft, &placed.item).is_none()) {
        let problem = format!("deadLetterTargetArn {} is not a queue of the template.", placed.item);
        placed.refuse(report, problem, "write deadLetterTargetArn: !GetAtt Queue.Arn.");
    }
    let is_stream = |arn: &String| stack.tables.iter().any(|table| table.stream_arn.as_ref() == Some(arn));
    for placed in draft.stream_sources.iter().filter(|placed| !is_stream(&placed.item)) {
        let problem = format!("Stream {} is not a stream of the template.", placed.item);
        placed.refuse(report, problem, "write Stream: !GetAtt Table.StreamArn.");
    }
    for placed in &draft.queue_sources {
        let arn = &placed.item.0;
        match queue_of(draft, arn) {
            Some(queue) => visibility(draft, queue, placed, report),
            None => placed.refuse(
                report,
                format!("Queue {arn} is not a queue of the template."),
                "write Queue: !GetAtt Queue.Arn.",
            ),
        }
    }
}

fn queue_of<'d>(draft: &'d Draft, arn: &str) -> Option<&'d Queue> {
    draft.stack.queues.iter().find(|queue| queue.arn == arn)
}

/// Lambda refuses a queue whose messages could become visible again while the function still runs.
fn visibility(draft: &Draft, queue: &Queue, source: &Placed<(String, String)>, report: &Report<'_>) {
    let function = draft.stack.functions.iter().find(|function| function.logical_id == source.item.1);
    let (visible, timeout) = (queue.visibility_timeout, function.map(|function| function.timeout));
    if let Some(timeout) = timeout.filter(|timeout| visible < *timeout) {
        let (timeout, visible) = (timeout.as_secs(), visible.as_secs());
        let problem = format!(
            "the function's Timeout of {timeout} s is longer than {}'s VisibilityTimeout of {visible} s.",
            queue.logical_id
        );
        source.refuse(
            report,
            problem,
            "set the queue's VisibilityTimeout to six times the function's Timeout.",
        );
    }
}
