//! Divides a batch of stream records into requests to the bus and dead letters.

use domain::event::SOURCE;
use serde_json::Value;

use crate::events::relay::record::{Outgoing, sequence_number};

/// EventBridge's limits of one request: the number of entries, and their bytes in all.
const ENTRIES: usize = 10;
const BYTES: usize = crate::events::LARGEST_EVENT;

/// A step of the relay; the steps are in the order of the stream.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// One request, which is within the limits.
    Publish(Vec<Outgoing>),
    /// A record that cannot be read, or an event that is beyond the limits.
    SendToDeadLetter { sequence_number: String, body: String, reason: String },
}

pub(super) fn steps<'a>(
    records: impl Iterator<Item = (Result<Vec<Outgoing>, String>, &'a Value)>,
) -> Vec<Step> {
    let mut steps = Steps::default();
    for (events, record) in records {
        match events {
            Ok(events) => events.into_iter().for_each(|event| steps.publish(event)),
            Err(reason) => steps.send_to_dead_letter(sequence_number(record), record.to_string(), reason),
        }
    }
    steps.close();
    steps.done
}

#[derive(Default)]
struct Steps {
    done: Vec<Step>,
    open: Vec<Outgoing>,
    bytes: usize,
}

impl Steps {
    fn publish(&mut self, event: Outgoing) {
        let size = size(&event);
        if size > BYTES {
            let reason = format!("the event has {size} bytes, the bus takes {BYTES}");
            return self.send_to_dead_letter(event.sequence_number, event.detail, reason);
        }
        if self.open.len() == ENTRIES || self.bytes + size > BYTES {
            self.close();
        }
        self.bytes += size;
        self.open.push(event);
    }

    fn send_to_dead_letter(&mut self, sequence_number: String, body: String, reason: String) {
        self.close();
        self.done.push(Step::SendToDeadLetter { sequence_number, body, reason });
    }

    fn close(&mut self) {
        self.bytes = 0;
        if !self.open.is_empty() {
            self.done.push(Step::Publish(std::mem::take(&mut self.open)));
        }
    }
}

/// The size of an entry as EventBridge counts it.
fn size(event: &Outgoing) -> usize {
    SOURCE.len() + event.event_type.as_str().len() + event.detail.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::event::EventType;

    fn event(bytes: usize) -> Outgoing {
        Outgoing {
            sequence_number: "1".into(),
            event_type: EventType::OrderPlaced.into(),
            detail: "x".repeat(bytes),
        }
    }

    /// The number of entries of each request; 0 stands for a dead letter.
    fn sizes(events: Vec<Result<Vec<Outgoing>, String>>) -> Vec<usize> {
        let record = Value::Null;
        let steps = steps(events.into_iter().map(|events| (events, &record)));
        steps.iter().map(|step| if let Step::Publish(batch) = step { batch.len() } else { 0 }).collect()
    }

    #[test]
    fn requests_keep_to_both_limits_and_to_the_order() {
        assert_eq!(sizes(vec![]), Vec::<usize>::new());
        assert_eq!(sizes(vec![Ok(vec![event(10)]); 25]), [10, 10, 5]);
        assert_eq!(sizes(vec![Ok(vec![event(100 * 1024); 5])]), [2, 2, 1]);
        assert_eq!(sizes(vec![Ok(vec![event(10), event(BYTES), event(10)])]), [1, 0, 1]);
        assert_eq!(
            sizes(vec![Ok(vec![event(10)]), Err("unreadable".into()), Ok(vec![event(10)])]),
            [1, 0, 1]
        );
    }
}
