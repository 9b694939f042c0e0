//! Orders, which are event-sourced: a command is decided on the current state, and the resulting events are
//! applied to it.

pub mod line;
pub mod list;

use jiff::Timestamp;
pub use line::{Line, Lines, LinesError};

use crate::id::{OrderId, ProductId, UserId};
use crate::money::{Amount, Money};
use crate::rule::named;
use crate::text::CancelReason;
use crate::{Decision, Stamp};

named! {
    /// A placed order can be changed; a confirmed one can only be cancelled, and a cancelled one is final.
    pub enum OrderStatus {
        Placed => "placed",
        Confirmed => "confirmed",
        Cancelled => "cancelled",
    }
}

/// The state of an order, which is folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub customer: UserId,
    pub lines: Lines,
    pub placed_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
    pub cancellation: Option<Cancellation>,
    /// The time of the last commit.
    pub changed_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    pub at: Timestamp,
    pub reason: CancelReason,
}

impl Order {
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
}

/// A change of an order that was placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    AddLine { line: Line },
    RemoveLine { product: ProductId },
    Confirm,
    Cancel { reason: CancelReason },
}

/// An event of an order. Its time and its actor are in the [`Stamp`] of the commit that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEvent {
    Placed { order: OrderId, customer: UserId, lines: Lines },
    LineAdded { line: Line },
    LineRemoved { product: ProductId },
    Confirmed,
    Cancelled { reason: CancelReason },
}

pub type OrderDecision = Decision<Order, OrderEvent>;

/// Why a command is refused.
///
/// `OtherCurrency` and `TotalTooLarge` are rules that a value of the command breaks, and their texts continue
/// the name of its field. The other texts are sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    #[error("The order was confirmed already; there is nothing left to do.")]
    AlreadyConfirmed,
    #[error("The order was cancelled and does not change any more; place another one.")]
    Cancelled,
    #[error("The order was confirmed and keeps its lines; cancel it, or place another one.")]
    LinesAreFixed,
    #[error("The order has {} lines, and no order has more; place another one.", Lines::MOST)]
    Full,
    #[error("The order has a line of this product; remove it first to order another quantity.")]
    ProductHasLine,
    #[error("must have a price in the order's currency")]
    OtherCurrency,
    #[error("must leave the order's total at {} minor units at most", Amount::MOST.get())]
    TotalTooLarge,
    #[error("There is no such line.")]
    NoSuchLine,
    #[error("It is the order's only line; cancel the order instead.")]
    LastLine,
}

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

impl Order {
    /// Decides the placing of a new order.
    pub fn place(id: OrderId, customer: UserId, lines: Lines, stamp: Stamp) -> OrderDecision {
        let event = OrderEvent::Placed { order: id, customer, lines: lines.clone() };
        let next = Order::placed(id, customer, lines, stamp.at);
        Decision { stamp, events: vec![event], next }
    }

    /// Decides a command. The decision is not dated before the order's last commit.
    pub fn decide(&self, command: Command, stamp: Stamp) -> Result<OrderDecision, OrderRefusal> {
        let stamp = stamp.not_before(self.changed_at);
        let event = match (command, self.status()) {
            (_, OrderStatus::Cancelled) => return Err(OrderRefusal::Cancelled),
            (Command::Cancel { reason }, _) => OrderEvent::Cancelled { reason },
            (Command::Confirm, OrderStatus::Confirmed) => return Err(OrderRefusal::AlreadyConfirmed),
            (_, OrderStatus::Confirmed) => return Err(OrderRefusal::LinesAreFixed),
            (Command::Confirm, OrderStatus::Placed) => OrderEvent::Confirmed,
            (Command::AddLine { line }, OrderStatus::Placed) => {
                self.lines.total_with(&line)?;
                OrderEvent::LineAdded { line }
            }
            (Command::RemoveLine { product }, OrderStatus::Placed) => match self.lines.as_slice() {
                _ if !self.lines.has(product) => return Err(OrderRefusal::NoSuchLine),
                [_] => return Err(OrderRefusal::LastLine),
                _ => OrderEvent::LineRemoved { product },
            },
        };
        let next = self.clone().after(&event, stamp.at);
        Ok(Decision { stamp, events: vec![event], next })
    }

    fn placed(id: OrderId, customer: UserId, lines: Lines, at: Timestamp) -> Order {
        Order { id, customer, lines, placed_at: at, confirmed_at: None, cancellation: None, changed_at: at }
    }

    fn after(mut self, event: &OrderEvent, at: Timestamp) -> Order {
        self.changed_at = at;
        match (event, self.status()) {
            (OrderEvent::LineAdded { line }, OrderStatus::Placed) => {
                self.lines.add(line.clone()).ok();
            }
            (OrderEvent::LineRemoved { product }, OrderStatus::Placed) => {
                self.lines = self.lines.without(*product).unwrap_or(self.lines);
            }
            (OrderEvent::Confirmed, OrderStatus::Placed) => self.confirmed_at = Some(at),
            (OrderEvent::Cancelled { reason }, OrderStatus::Placed | OrderStatus::Confirmed) => {
                self.cancellation = Some(Cancellation { at, reason: reason.clone() });
            }
            _ => {}
        }
        self
    }
}

/// Applies an event of a commit of this time to a state; `None` is the state before the order is placed.
///
/// The function is total: an event that no decision makes in this state changes at most the time of the last
/// commit.
pub fn evolve(state: Option<Order>, event: &OrderEvent, at: Timestamp) -> Option<Order> {
    match (state, event) {
        (None, OrderEvent::Placed { order, customer, lines }) => {
            Some(Order::placed(*order, *customer, lines.clone(), at))
        }
        (state, event) => state.map(|order| order.after(event, at)),
    }
}

#[cfg(test)]
mod tests;
