//! Orders, event-sourced: a command is decided against the state, and the events make the next state.

pub mod line;
pub mod list;

use jiff::Timestamp;
pub use line::{Line, Lines, LinesError};

use crate::id::{OrderId, ProductId, UserId};
use crate::money::Money;
use crate::rule::named;
use crate::text::CancelReason;
use crate::user::Role;

named! {
    pub enum OrderStatus {
        Placed => "placed",
        Confirmed => "confirmed",
        Cancelled => "cancelled",
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
    cancellation: Option<Cancellation>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    pub at: Timestamp,
    pub reason: CancelReason,
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
        match (&self.cancellation, self.confirmed_at) {
            (Some(_), _) => OrderStatus::Cancelled,
            (None, Some(_)) => OrderStatus::Confirmed,
            (None, None) => OrderStatus::Placed,
        }
    }

    pub fn placed_at(&self) -> Timestamp {
        self.placed_at
    }

    pub fn confirmed_at(&self) -> Option<Timestamp> {
        self.confirmed_at
    }

    pub fn cancellation(&self) -> Option<&Cancellation> {
        self.cancellation.as_ref()
    }

    /// Members see and change their own orders, admins all of the tenant's.
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
    pub cancellation: Option<Cancellation>,
}

impl From<Order> for OrderSnapshot {
    fn from(order: Order) -> OrderSnapshot {
        let Order { id, customer, lines, placed_at, confirmed_at, cancellation } = order;
        OrderSnapshot { id, customer, lines, placed_at, confirmed_at, cancellation }
    }
}

impl From<OrderSnapshot> for Order {
    fn from(snapshot: OrderSnapshot) -> Order {
        let OrderSnapshot { id, customer, lines, placed_at, confirmed_at, cancellation } = snapshot;
        Order { id, customer, lines, placed_at, confirmed_at, cancellation }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Place { order: OrderId, customer: UserId, lines: Lines, at: Timestamp },
    AddLine { line: Line },
    RemoveLine { product: ProductId },
    Confirm { by: UserId, at: Timestamp },
    Cancel { by: UserId, reason: CancelReason, at: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEvent {
    Placed { order: OrderId, customer: UserId, lines: Lines, at: Timestamp },
    LineAdded { line: Line },
    LineRemoved { product: ProductId },
    Confirmed { by: UserId, at: Timestamp },
    Cancelled { by: UserId, reason: CancelReason, at: Timestamp },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    #[error("the order was placed already")]
    AlreadyPlaced,
    #[error("there is no such order")]
    NotFound,
    #[error("the order was confirmed already")]
    AlreadyConfirmed,
    #[error("the order was cancelled")]
    Cancelled,
    #[error("the lines of a confirmed order do not change")]
    LinesAreFixed,
    #[error("the order has as many lines as an order may have")]
    Full,
    #[error("the order has a line of this product already")]
    ProductHasLine,
    #[error("the order is in another currency")]
    OtherCurrency,
    #[error("the order's total would be more than an amount may be")]
    TotalTooLarge,
    #[error("the order has no line of this product")]
    NoSuchLine,
    #[error("an order keeps at least one line")]
    LastLine,
}

/// Why an order cannot have one line more.
impl From<LinesError> for OrderRefusal {
    fn from(error: LinesError) -> OrderRefusal {
        match error {
            LinesError::Count => OrderRefusal::Full,
            LinesError::RepeatedProduct { .. } => OrderRefusal::ProductHasLine,
            LinesError::MixedCurrencies { .. } => OrderRefusal::OtherCurrency,
            LinesError::TotalTooLarge { .. } => OrderRefusal::TotalTooLarge,
        }
    }
}

pub fn decide(state: Option<&Order>, command: Command) -> Result<Vec<OrderEvent>, OrderRefusal> {
    let event = match state {
        Some(order) => decide_change(order, command)?,
        None => match command {
            Command::Place { order, customer, lines, at } => {
                OrderEvent::Placed { order, customer, lines, at }
            }
            _ => return Err(OrderRefusal::NotFound),
        },
    };
    Ok(vec![event])
}

fn decide_change(order: &Order, command: Command) -> Result<OrderEvent, OrderRefusal> {
    match (command, order.status()) {
        (Command::Place { .. }, _) => Err(OrderRefusal::AlreadyPlaced),
        (_, OrderStatus::Cancelled) => Err(OrderRefusal::Cancelled),
        (Command::Cancel { by, reason, at }, _) => Ok(OrderEvent::Cancelled { by, reason, at }),
        (Command::Confirm { .. }, OrderStatus::Confirmed) => Err(OrderRefusal::AlreadyConfirmed),
        (_, OrderStatus::Confirmed) => Err(OrderRefusal::LinesAreFixed),
        (Command::Confirm { by, at }, OrderStatus::Placed) => Ok(OrderEvent::Confirmed { by, at }),
        (Command::AddLine { line }, OrderStatus::Placed) => {
            order.lines.total_with(&line)?;
            Ok(OrderEvent::LineAdded { line })
        }
        (Command::RemoveLine { product }, OrderStatus::Placed) => match order.lines.as_slice() {
            _ if !order.lines.has(product) => Err(OrderRefusal::NoSuchLine),
            [_] => Err(OrderRefusal::LastLine),
            _ => Ok(OrderEvent::LineRemoved { product }),
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
            cancellation: None,
        }),
        (state, event) => state.map(|order| order.after(event)),
    }
}

impl Order {
    fn after(mut self, event: &OrderEvent) -> Order {
        match (event, self.status()) {
            (OrderEvent::LineAdded { line }, OrderStatus::Placed) => {
                self.lines.add(line.clone()).ok();
            }
            (OrderEvent::LineRemoved { product }, OrderStatus::Placed) => {
                self.lines = self.lines.without(*product).unwrap_or(self.lines);
            }
            (OrderEvent::Confirmed { at, .. }, OrderStatus::Placed) => self.confirmed_at = Some(*at),
            (OrderEvent::Cancelled { reason, at, .. }, OrderStatus::Placed | OrderStatus::Confirmed) => {
                self.cancellation = Some(Cancellation { at: *at, reason: reason.clone() });
            }
            _ => {}
        }
        self
    }
}

/// The state after these events, from the start or from a snapshot.
pub fn replay<'a>(start: Option<Order>, events: impl IntoIterator<Item = &'a OrderEvent>) -> Option<Order> {
    events.into_iter().fold(start, evolve)
}

#[cfg(test)]
mod tests;
