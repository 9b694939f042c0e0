//! Orders, event-sourced: a command is decided against the state, and the events make the next state.

pub mod line;
pub mod list;

use jiff::Timestamp;
pub use line::{Line, Lines, LinesError};

use crate::id::{OrderId, UserId};
use crate::money::Money;
use crate::rule::named;
use crate::user::Role;

named! {
    pub enum OrderStatus {
        Placed => "placed",
        Confirmed => "confirmed",
    }
}

/// The state, made by events alone; its plain form for storage is [`OrderSnapshot`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    id: OrderId,
    customer: UserId,
    lines: Lines,
    placed_at: Timestamp,
    confirmed_at: Option<Timestamp>,
}

impl Order {
    pub fn id(&self) -> OrderId {
        self.id
    }

    pub fn customer(&self) -> UserId {
        self.customer
    }

    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    pub fn total(&self) -> Money {
        self.lines.total()
    }

    pub fn status(&self) -> OrderStatus {
        if self.confirmed_at.is_some() { OrderStatus::Confirmed } else { OrderStatus::Placed }
    }

    pub fn placed_at(&self) -> Timestamp {
        self.placed_at
    }

    pub fn confirmed_at(&self) -> Option<Timestamp> {
        self.confirmed_at
    }

    /// Members see and confirm their own orders, admins all of the tenant's.
    pub fn is_open_to(&self, user: UserId, role: Role) -> bool {
        self.customer == user || role.allows(Role::Admin)
    }
}

/// An order's state at one version, to start a replay from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSnapshot {
    pub id: OrderId,
    pub customer: UserId,
    pub lines: Lines,
    pub placed_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
}

impl From<Order> for OrderSnapshot {
    fn from(order: Order) -> OrderSnapshot {
        let Order { id, customer, lines, placed_at, confirmed_at } = order;
        OrderSnapshot { id, customer, lines, placed_at, confirmed_at }
    }
}

impl From<OrderSnapshot> for Order {
    fn from(snapshot: OrderSnapshot) -> Order {
        let OrderSnapshot { id, customer, lines, placed_at, confirmed_at } = snapshot;
        Order { id, customer, lines, placed_at, confirmed_at }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Place { order: OrderId, customer: UserId, lines: Lines, at: Timestamp },
    Confirm { by: UserId, at: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEvent {
    Placed { order: OrderId, customer: UserId, lines: Lines, at: Timestamp },
    Confirmed { by: UserId, at: Timestamp },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    #[error("the order was placed already")]
    AlreadyPlaced,
    #[error("there is no such order")]
    NotFound,
    #[error("the order was confirmed already")]
    AlreadyConfirmed,
}

pub fn decide(state: Option<&Order>, command: Command) -> Result<Vec<OrderEvent>, OrderRefusal> {
    match (state, command) {
        (None, Command::Place { order, customer, lines, at }) => {
            Ok(vec![OrderEvent::Placed { order, customer, lines, at }])
        }
        (Some(_), Command::Place { .. }) => Err(OrderRefusal::AlreadyPlaced),
        (None, Command::Confirm { .. }) => Err(OrderRefusal::NotFound),
        (Some(order), Command::Confirm { by, at }) => match order.status() {
            OrderStatus::Placed => Ok(vec![OrderEvent::Confirmed { by, at }]),
            OrderStatus::Confirmed => Err(OrderRefusal::AlreadyConfirmed),
        },
    }
}

/// Total: an event that `decide` would never have made in this state changes nothing.
pub fn evolve(state: Option<Order>, event: &OrderEvent) -> Option<Order> {
    match (state, event) {
        (None, OrderEvent::Placed { order, customer, lines, at }) => Some(Order {
            id: *order,
            customer: *customer,
            lines: lines.clone(),
            placed_at: *at,
            confirmed_at: None,
        }),
        (Some(order), OrderEvent::Confirmed { at, .. }) => {
            Some(Order { confirmed_at: order.confirmed_at.or(Some(*at)), ..order })
        }
        (state, _) => state,
    }
}

/// The state after these events, from the start or from a snapshot.
pub fn replay<'a>(start: Option<Order>, events: impl IntoIterator<Item = &'a OrderEvent>) -> Option<Order> {
    events.into_iter().fold(start, evolve)
}

#[cfg(test)]
mod tests;
