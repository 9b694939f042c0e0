//! The stored form of orders' events and snapshots, apart from the domain's own.

use domain::id::{OrderId, UserId};
use domain::order::{Cancellation, Line, Lines, Order, OrderEvent, OrderSnapshot};
use domain::text::CancelReason;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::events::{
    Event, LineAdded, LineRemoved, OrderCancelled, OrderConfirmed, OrderPlaced, OrderedLine, StoredCommit,
    StoredEvent,
};
use crate::stores::StoreError;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    customer: UserId,
    lines: Vec<OrderedLine>,
    placed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<Cancelled>,
}

#[derive(Serialize, Deserialize)]
struct Cancelled {
    at: Timestamp,
    reason: CancelReason,
}

/// The event as it is told after the change: `order` has it already.
pub(super) fn event(event: &OrderEvent, order: &Order) -> Event {
    match event {
        OrderEvent::Placed { order, customer, lines, .. } => Event::OrderPlaced(OrderPlaced {
            order: *order,
            customer: *customer,
            lines: lines.into_iter().map(stored_line).collect(),
            total: lines.total(),
        }),
        OrderEvent::Confirmed { by, .. } => {
            Event::OrderConfirmed(OrderConfirmed { order: order.id(), customer: order.customer(), by: *by })
        }
        OrderEvent::LineAdded { line } => {
            Event::LineAdded(LineAdded { order: order.id(), line: stored_line(line), total: order.total() })
        }
        OrderEvent::LineRemoved { product } => {
            Event::LineRemoved(LineRemoved { order: order.id(), product: *product, total: order.total() })
        }
        OrderEvent::Cancelled { by, reason, .. } => Event::OrderCancelled(OrderCancelled {
            order: order.id(),
            customer: order.customer(),
            by: *by,
            reason: reason.clone(),
        }),
    }
}

pub(super) fn read_events(commit: StoredCommit) -> Result<Vec<OrderEvent>, StoreError> {
    let at = commit.at;
    commit.events.into_iter().map(|stored| read_event(stored, at)).collect()
}

fn read_event(stored: StoredEvent, at: Timestamp) -> Result<OrderEvent, StoreError> {
    match stored.event().map_err(StoreError::corrupt)? {
        Event::OrderPlaced(OrderPlaced { order, customer, lines, .. }) => {
            Ok(OrderEvent::Placed { order, customer, lines: read_lines(lines)?, at })
        }
        Event::OrderConfirmed(OrderConfirmed { by, .. }) => Ok(OrderEvent::Confirmed { by, at }),
        Event::LineAdded(LineAdded { line, .. }) => Ok(OrderEvent::LineAdded { line: read_line(line)? }),
        Event::LineRemoved(LineRemoved { product, .. }) => Ok(OrderEvent::LineRemoved { product }),
        Event::OrderCancelled(OrderCancelled { by, reason, .. }) => {
            Ok(OrderEvent::Cancelled { by, reason, at })
        }
        _ => Err(StoreError::corrupt("not an event of an order")),
    }
}

pub(super) fn snapshot(order: &Order) -> Result<String, StoreError> {
    let snapshot = Snapshot {
        customer: order.customer(),
        lines: order.lines().into_iter().map(stored_line).collect(),
        placed_at: order.placed_at(),
        confirmed_at: order.confirmed_at(),
        cancelled: order
            .cancellation()
            .map(|Cancellation { at, reason }| Cancelled { at: *at, reason: reason.clone() }),
    };
    serde_json::to_string(&snapshot).map_err(StoreError::corrupt)
}

pub(super) fn read_snapshot(id: OrderId, text: &str) -> Result<Order, StoreError> {
    let Snapshot { customer, lines, placed_at, confirmed_at, cancelled } =
        serde_json::from_str(text).map_err(StoreError::corrupt)?;
    let lines = read_lines(lines)?;
    let cancellation = cancelled.map(|Cancelled { at, reason }| Cancellation { at, reason });
    Ok(OrderSnapshot { id, customer, lines, placed_at, confirmed_at, cancellation }.into())
}

fn stored_line(line: &Line) -> OrderedLine {
    OrderedLine {
        product: line.product(),
        name: line.name().clone(),
        unit_price: line.unit_price(),
        quantity: line.quantity(),
    }
}

fn read_line(line: OrderedLine) -> Result<Line, StoreError> {
    Line::new(line.product, line.name, line.unit_price, line.quantity).map_err(StoreError::corrupt)
}

fn read_lines(lines: Vec<OrderedLine>) -> Result<Lines, StoreError> {
    let lines: Vec<Line> = lines.into_iter().map(read_line).collect::<Result<_, _>>()?;
    Lines::try_from(lines).map_err(StoreError::corrupt)
}

#[cfg(test)]
mod tests {
    use domain::id::{EventId, ProductId};
    use domain::order::replay;
    use serde_json::json;

    use super::*;
    use crate::new_id;

    fn line(name: &str, amount: u64) -> Line {
        let price = serde_json::from_value(json!({ "amount": amount, "currency": "EUR" })).unwrap();
        let quantity = serde_json::from_str("3").unwrap();
        Line::new(new_id(ProductId::from_uuid), name.to_owned().try_into().unwrap(), price, quantity).unwrap()
    }

    #[test]
    fn events_and_snapshots_come_back_as_they_were() {
        let at: Timestamp = "2026-03-04T05:06:07.089Z".parse().unwrap();
        let (id, user) = (new_id(OrderId::from_uuid), new_id(UserId::from_uuid));
        let (anvil, magnet) = (line("Anvil", 1250), line("Magnet", 99));
        let reason = CancelReason::try_from("Ordered twice".to_owned()).unwrap();
        let lines = Lines::try_from(vec![anvil.clone()]).unwrap();
        let events = [
            OrderEvent::Placed { order: id, customer: user, lines, at },
            OrderEvent::LineAdded { line: magnet },
            OrderEvent::LineRemoved { product: anvil.product() },
            OrderEvent::Confirmed { by: user, at },
            OrderEvent::Cancelled { by: user, reason, at },
        ];
        for (count, domain_event) in (1..).zip(&events) {
            let order = replay(None, &events[..count]).unwrap();
            let stored = StoredEvent::new(new_id(EventId::from_uuid), &event(domain_event, &order)).unwrap();
            assert_eq!(read_event(stored, at).unwrap(), *domain_event);
            assert_eq!(read_snapshot(id, &snapshot(&order).unwrap()).unwrap(), order);
        }
    }

    #[test]
    fn the_stored_lines_tell_the_new_total() {
        let (id, user) = (new_id(OrderId::from_uuid), new_id(UserId::from_uuid));
        let (anvil, magnet) = (line("Anvil", 1250), line("Magnet", 99));
        let lines = Lines::try_from(vec![anvil.clone()]).unwrap();
        let placed = OrderEvent::Placed { order: id, customer: user, lines, at: Timestamp::UNIX_EPOCH };
        let (added, removed) =
            (OrderEvent::LineAdded { line: magnet }, OrderEvent::LineRemoved { product: anvil.product() });
        let order = replay(None, [&placed, &added]).unwrap();
        assert!(matches!(event(&added, &order), Event::LineAdded(told) if told.total.amount().get() == 4047));
        let order = replay(Some(order), [&removed]).unwrap();
        assert!(
            matches!(event(&removed, &order), Event::LineRemoved(told) if told.total.amount().get() == 297)
        );
    }

    /// Snapshots of the time before orders could be cancelled.
    #[test]
    fn a_snapshot_without_a_cancellation_is_read() {
        let (id, user) = (new_id(OrderId::from_uuid), new_id(UserId::from_uuid));
        let text = json!({
            "customer": user, "placedAt": "2026-03-04T05:06:07.089Z",
            "lines": [{
                "product": new_id(ProductId::from_uuid), "name": "Anvil", "quantity": 1,
                "unitPrice": { "amount": 1, "currency": "EUR" },
            }],
        });
        assert_eq!(read_snapshot(id, &text.to_string()).unwrap().cancellation(), None);
    }
}
