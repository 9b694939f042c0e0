//! The stored forms of the events and snapshots of orders, which are separate from the domain's types.

use domain::Actor;
use domain::event::{
    Event, LineAdded, LineRemoved, OrderCancelled, OrderConfirmed, OrderPlaced, OrderedLine,
};
use domain::id::{OrderId, UserId};
use domain::order::{Cancellation, Line, Lines, Order, OrderEvent};
use domain::text::CancelReason;
use jiff::Timestamp;
use platform::table::StoreError;
use serde::{Deserialize, Serialize};

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

/// The event as it is published. `order` is the state after the event.
pub(super) fn event(event: &OrderEvent, order: &Order, by: &Actor) -> Event {
    match event {
        OrderEvent::Placed { order, customer, lines, .. } => Event::OrderPlaced(OrderPlaced {
            order: *order,
            customer: *customer,
            lines: lines.into_iter().map(stored_line).collect(),
            total: lines.total(),
        }),
        OrderEvent::Confirmed => {
            Event::OrderConfirmed(OrderConfirmed { order: order.id, customer: order.customer, by: user(by) })
        }
        OrderEvent::LineAdded { line } => {
            Event::LineAdded(LineAdded { order: order.id, line: stored_line(line), total: order.total() })
        }
        OrderEvent::LineRemoved { product } => {
            Event::LineRemoved(LineRemoved { order: order.id, product: *product, total: order.total() })
        }
        OrderEvent::Cancelled { reason } => Event::OrderCancelled(OrderCancelled {
            order: order.id,
            customer: order.customer,
            by: user(by),
            reason: reason.clone(),
        }),
    }
}

/// The user who has made the decision; `None` for anybody else.
fn user(by: &Actor) -> Option<UserId> {
    match by {
        Actor::User { id } => Some(*id),
        Actor::Operator { .. } | Actor::Platform => None,
    }
}

pub(super) fn read_events(events: Vec<Event>) -> Result<Vec<OrderEvent>, StoreError> {
    events.into_iter().map(read_event).collect()
}

fn read_event(event: Event) -> Result<OrderEvent, StoreError> {
    match event {
        Event::OrderPlaced(OrderPlaced { order, customer, lines, .. }) => {
            Ok(OrderEvent::Placed { order, customer, lines: read_lines(lines)? })
        }
        Event::OrderConfirmed(_) => Ok(OrderEvent::Confirmed),
        Event::LineAdded(LineAdded { line, .. }) => Ok(OrderEvent::LineAdded { line: read_line(line)? }),
        Event::LineRemoved(LineRemoved { product, .. }) => Ok(OrderEvent::LineRemoved { product }),
        Event::OrderCancelled(OrderCancelled { reason, .. }) => Ok(OrderEvent::Cancelled { reason }),
        _ => Err(StoreError::corrupt("not an event of an order")),
    }
}

pub(super) fn snapshot(order: &Order) -> Result<String, StoreError> {
    let snapshot = Snapshot {
        customer: order.customer,
        lines: (&order.lines).into_iter().map(stored_line).collect(),
        placed_at: order.placed_at,
        confirmed_at: order.confirmed_at,
        cancelled: order
            .cancellation
            .as_ref()
            .map(|Cancellation { at, reason }| Cancelled { at: *at, reason: reason.clone() }),
    };
    serde_json::to_string(&snapshot).map_err(StoreError::corrupt)
}

pub(super) fn read_snapshot(id: OrderId, text: &str, changed_at: Timestamp) -> Result<Order, StoreError> {
    let Snapshot { customer, lines, placed_at, confirmed_at, cancelled } =
        serde_json::from_str(text).map_err(StoreError::corrupt)?;
    let lines = read_lines(lines)?;
    let cancellation = cancelled.map(|Cancelled { at, reason }| Cancellation { at, reason });
    Ok(Order { id, customer, lines, placed_at, confirmed_at, cancellation, changed_at })
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
mod tests;
