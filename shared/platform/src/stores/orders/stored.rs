//! The stored form of orders' events and snapshots, apart from the domain's own.

use domain::RuleBroken;
use domain::id::{OrderId, UserId};
use domain::order::{Line, Lines, Order, OrderEvent, OrderSnapshot};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::events::{Event, OrderConfirmed, OrderPlaced, OrderedLine, StoredCommit, StoredEvent};
use crate::stores::StoreError;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snapshot {
    customer: UserId,
    lines: Vec<OrderedLine>,
    placed_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<Timestamp>,
}

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
        _ => Err(StoreError::corrupt("not an event of an order")),
    }
}

pub(super) fn snapshot(order: &Order) -> Result<String, StoreError> {
    let snapshot = Snapshot {
        customer: order.customer(),
        lines: order.lines().into_iter().map(stored_line).collect(),
        placed_at: order.placed_at(),
        confirmed_at: order.confirmed_at(),
    };
    serde_json::to_string(&snapshot).map_err(StoreError::corrupt)
}

pub(super) fn read_snapshot(id: OrderId, text: &str) -> Result<Order, StoreError> {
    let Snapshot { customer, lines, placed_at, confirmed_at } =
        serde_json::from_str(text).map_err(StoreError::corrupt)?;
    let lines = read_lines(lines)?;
    Ok(OrderSnapshot { id, customer, lines, placed_at, confirmed_at }.into())
}

fn stored_line(line: &Line) -> OrderedLine {
    OrderedLine {
        product: line.product(),
        name: line.name().clone(),
        unit_price: line.unit_price(),
        quantity: line.quantity(),
    }
}

fn read_lines(lines: Vec<OrderedLine>) -> Result<Lines, StoreError> {
    let lines: Result<Vec<Line>, RuleBroken> = lines
        .into_iter()
        .map(|line| Line::new(line.product, line.name, line.unit_price, line.quantity))
        .collect();
    Lines::try_from(lines.map_err(StoreError::corrupt)?).map_err(StoreError::corrupt)
}

#[cfg(test)]
mod tests {
    use domain::id::ProductId;
    use domain::order::replay;

    use super::*;
    use crate::new_id;

    #[test]
    fn events_and_snapshots_come_back_as_they_were() {
        let at: Timestamp = "2026-03-04T05:06:07.089Z".parse().unwrap();
        let (id, user) = (new_id(OrderId::from_uuid), new_id(UserId::from_uuid));
        let price = serde_json::from_str(r#"{"amount":1250,"currency":"EUR"}"#).unwrap();
        let quantity = serde_json::from_str("3").unwrap();
        let name = "Anvil".to_owned().try_into().unwrap();
        let line = Line::new(new_id(ProductId::from_uuid), name, price, quantity).unwrap();
        let lines = Lines::try_from(vec![line]).unwrap();
        let placed = OrderEvent::Placed { order: id, customer: user, lines, at };
        let confirmed = OrderEvent::Confirmed { by: user, at };
        let order = replay(None, [&placed, &confirmed]).unwrap();

        for domain_event in [placed, confirmed] {
            let stored = StoredEvent::new(&event(&domain_event, &order)).unwrap();
            assert_eq!(read_event(stored, at).unwrap(), domain_event);
        }
        assert_eq!(read_snapshot(id, &snapshot(&order).unwrap()).unwrap(), order);
    }
}
