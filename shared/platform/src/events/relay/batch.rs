use crate::events::SOURCE;
use crate::events::relay::record::Outgoing;

/// The bus takes this many entries in one request, and this many bytes in all.
const ENTRIES: usize = 10;
const BYTES: usize = 256 * 1024;

/// Requests that the bus takes, in the order of the events; an event that fits into none stands alone as an error.
pub(super) fn batches(events: Vec<Outgoing>) -> Vec<Result<Vec<Outgoing>, Outgoing>> {
    let mut batches = Vec::new();
    let mut open = Vec::new();
    let mut bytes = 0;
    for event in events {
        let size = size(&event);
        if size > BYTES {
            batches.push(Err(event));
            continue;
        }
        if open.len() == ENTRIES || bytes + size > BYTES {
            batches.push(Ok(std::mem::take(&mut open)));
            bytes = 0;
        }
        bytes += size;
        open.push(event);
    }
    if !open.is_empty() {
        batches.push(Ok(open));
    }
    batches
}

/// As EventBridge counts an entry.
fn size(event: &Outgoing) -> usize {
    SOURCE.len() + event.event_type.as_str().len() + event.detail.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventType;

    fn event(bytes: usize) -> Outgoing {
        Outgoing {
            sequence_number: "1".into(),
            event_type: EventType::OrderPlaced,
            detail: "x".repeat(bytes),
        }
    }

    #[test]
    fn batches_keep_to_both_limits() {
        let sizes = |events: Vec<Outgoing>| -> Vec<usize> {
            batches(events).iter().map(|batch| batch.as_ref().map_or(0, Vec::len)).collect()
        };
        assert_eq!(sizes(vec![]), Vec::<usize>::new());
        assert_eq!(sizes(vec![event(10); 25]), [10, 10, 5]);
        assert_eq!(sizes(vec![event(100 * 1024); 5]), [2, 2, 1]);
        assert_eq!(sizes(vec![event(10), event(BYTES), event(10)]), [0, 2]);
    }
}
