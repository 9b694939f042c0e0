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
        OrderEvent::Placed {
            order,
            customer,
            lines,
            ..
        } => Event::OrderPlaced(OrderPlaced {
            order: *order,
            customer: *customer,
            lines: lines.into_iter().map(stored_line).collect(),
            total: lines.total(),
        }),
        OrderEvent::Confirmed { by, .. } => Event::OrderConfirmed(OrderConfirmed {
            order: order.id(),
            customer: order.customer(),
            by: *by,
        }),
    }
}

pub(super) fn read_events(commit: StoredCommit) -> Result<Vec<OrderEvent>, StoreError> {
    let at = commit.at;
    commit
        .events
        .into_iter()
        .map(|stored| read_event(stored, at))
        .collect()
}

fn read_event(stored: StoredEvent, at: Timestamp) -> Result<OrderEvent, StoreError> {
    match stored.event().map_err(StoreError::corrupt)? {
        Event::OrderPlaced(OrderPlaced {
            order,
            customer,
            lines,
            ..
        }) => Ok(OrderEvent::Placed {
            order,
            customer,
            lines: read_lines(lines)?,
            at,
        }),
        Event::OrderConfirmed(OrderConfirmed { by, .. }) => Ok(OrderEvent::Confirmed { by, at }),
        Event::TenantOnboarded(_) | Event::ProductCreated(_) => {
            Err(StoreError::corrupt("not an event of an order"))
        }
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
    let Snapshot {
        customer,
        lines,
        placed_at,
        confirmed_at,
    } = serde_json::from_str(text).map_err(StoreError::corrupt)?;
    let lines = read_lines(lines)?;
    Ok(OrderSnapshot {
        id,
        customer,
        lines,
        placed_at,
        confirmed_at,
    }
    .into())
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
