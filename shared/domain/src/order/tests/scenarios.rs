//! Scenarios: given events, when a command is decided, then there are events or a refusal.

use super::{Stamped, at, line, order_id, reason, replay, stamp, two_lines, user};
use crate::order::list::OrderRow;
use crate::order::{Cancellation, Command, Line, Lines, Order, OrderEvent, OrderRefusal, OrderStatus};

struct Given(Vec<OrderEvent>);

impl Given {
    /// The order after these events, which are ten seconds apart.
    fn order(&self) -> Option<Order> {
        let stamps = (1..).map(|number| stamp(10 * number));
        let history: Vec<Stamped> = self.0.iter().cloned().zip(stamps).collect();
        replay(None, &history)
    }

    #[track_caller]
    fn when_then(self, command: Command, expected: Result<Vec<OrderEvent>, OrderRefusal>) {
        let order = self.order().expect("an order is placed");
        assert_eq!(order.decide(command, stamp(100)).map(|decision| decision.events), expected);
    }
}

fn placed() -> OrderEvent {
    OrderEvent::Placed { order: order_id(), customer: user(7), lines: two_lines() }
}

fn confirmed() -> OrderEvent {
    OrderEvent::Confirmed
}

fn confirm() -> Command {
    Command::Confirm
}

fn cancelled() -> OrderEvent {
    OrderEvent::Cancelled { reason: reason() }
}

fn cancel() -> Command {
    Command::Cancel { reason: reason() }
}

fn add(line: Line) -> Command {
    Command::AddLine { line }
}

fn added(line: Line) -> OrderEvent {
    OrderEvent::LineAdded { line }
}

fn remove(product: u128) -> Command {
    Command::RemoveLine { product: line(product, 1, "EUR", 1).product() }
}

fn removed(product: u128) -> OrderEvent {
    OrderEvent::LineRemoved { product: line(product, 1, "EUR", 1).product() }
}

#[test]
fn an_order_is_placed() {
    let decision = Order::place(order_id(), user(7), two_lines(), stamp(10));
    assert_eq!((&decision.events, decision.stamp), (&vec![placed()], stamp(10)));
    assert_eq!(Given(decision.events).order(), Some(decision.next));
}

#[test]
fn a_placed_order_is_confirmed() {
    Given(vec![placed()]).when_then(confirm(), Ok(vec![confirmed()]));
}

#[test]
fn an_order_is_confirmed_once() {
    Given(vec![placed(), confirmed()]).when_then(confirm(), Err(OrderRefusal::AlreadyConfirmed));
}

#[test]
fn an_order_is_cancelled_from_placed_and_from_confirmed() {
    Given(vec![placed()]).when_then(cancel(), Ok(vec![cancelled()]));
    Given(vec![placed(), confirmed()]).when_then(cancel(), Ok(vec![cancelled()]));
}

#[test]
fn a_cancelled_order_refuses_every_change() {
    for command in [confirm(), cancel(), add(line(3, 5, "EUR", 1)), remove(1), remove(3)] {
        Given(vec![placed(), cancelled()]).when_then(command, Err(OrderRefusal::Cancelled));
    }
}

#[test]
fn lines_are_added_and_removed_while_placed() {
    let third = line(3, 5, "EUR", 2);
    Given(vec![placed()]).when_then(add(third.clone()), Ok(vec![added(third.clone())]));
    Given(vec![placed(), added(third.clone())]).when_then(remove(3), Ok(vec![removed(3)]));
    Given(vec![placed()]).when_then(remove(1), Ok(vec![removed(1)]));
    Given(vec![placed(), confirmed()]).when_then(add(third), Err(OrderRefusal::LinesAreFixed));
    Given(vec![placed(), confirmed()]).when_then(remove(1), Err(OrderRefusal::LinesAreFixed));
}

#[test]
fn a_line_is_removed_once_and_the_last_one_stays() {
    Given(vec![placed()]).when_then(remove(3), Err(OrderRefusal::NoSuchLine));
    Given(vec![placed(), removed(1)]).when_then(remove(1), Err(OrderRefusal::NoSuchLine));
    Given(vec![placed(), removed(1)]).when_then(remove(2), Err(OrderRefusal::LastLine));
}

#[test]
fn an_added_line_keeps_the_rules_of_lines() {
    for (extra, refusal) in [
        (line(1, 5, "EUR", 1), OrderRefusal::ProductHasLine),
        (line(3, 5, "USD", 1), OrderRefusal::OtherCurrency),
        (line(3, 1_000_000_000_000, "EUR", 1), OrderRefusal::TotalTooLarge),
    ] {
        Given(vec![placed()]).when_then(add(extra), Err(refusal));
    }
    let lines: Vec<Line> = (0..200).map(|product| line(product, 1, "EUR", 1)).collect();
    let full =
        OrderEvent::Placed { order: order_id(), customer: user(7), lines: Lines::try_from(lines).unwrap() };
    Given(vec![full]).when_then(add(line(200, 1, "EUR", 1)), Err(OrderRefusal::Full));
}

#[test]
fn lines_stay_in_order_and_the_total_follows() {
    let third = line(3, 5, "EUR", 2);
    let order = Given(vec![placed(), added(third.clone()), removed(1)]).order().unwrap();
    let products: Vec<_> = order.lines.into_iter().map(Line::product).collect();
    assert_eq!(products, [line(2, 1, "EUR", 1).product(), third.product()]);
    assert_eq!(order.total().amount().get(), 399 + 10);
}

#[test]
fn the_state_shows_what_happened() {
    let order = Given(vec![placed()]).order().unwrap();
    assert_eq!((order.status(), order.confirmed_at), (OrderStatus::Placed, None));
    assert_eq!((order.id, order.customer, order.placed_at), (order_id(), user(7), at(10)));
    assert_eq!((&order.lines, order.total()), (&two_lines(), two_lines().total()));

    let order = Given(vec![placed(), confirmed()]).order().unwrap();
    assert_eq!((order.status(), order.confirmed_at), (OrderStatus::Confirmed, Some(at(20))));
    assert_eq!(order.cancellation, None);

    let order = Given(vec![placed(), confirmed(), cancelled()]).order().unwrap();
    assert_eq!((order.status(), order.confirmed_at), (OrderStatus::Cancelled, Some(at(20))));
    assert_eq!(order.cancellation, Some(Cancellation { at: at(30), reason: reason() }));
}

#[test]
fn events_that_were_never_decided_change_nothing() {
    assert_eq!(Given(vec![confirmed()]).order(), None);
    let unchanged = |history: Vec<OrderEvent>, never: OrderEvent| {
        let before = Given(history).order().unwrap();
        let after = replay(Some(before.clone()), &[(never, stamp(90))]).unwrap();
        // Only the time of the last commit moves.
        assert_eq!(Order { changed_at: before.changed_at, ..after }, before);
    };
    for never in [confirmed(), placed()] {
        unchanged(vec![placed(), confirmed()], never);
    }
    for never in [added(line(5, 1, "EUR", 1)), removed(2), confirmed(), cancelled()] {
        unchanged(vec![placed(), removed(1), cancelled()], never);
    }
    for never in [added(line(2, 1, "EUR", 1)), removed(2), removed(1)] {
        unchanged(vec![placed(), removed(1)], never);
    }
}

#[test]
fn a_decision_is_never_dated_before_the_last_one() {
    let order = Given(vec![placed(), removed(1)]).order().unwrap();
    let late = order.decide(confirm(), stamp(5)).unwrap();
    assert_eq!((late.stamp.at, late.next.confirmed_at), (at(20), Some(at(20))));
}

#[test]
fn a_row_shows_the_order() {
    let order = Given(vec![placed(), confirmed()]).order().unwrap();
    let row = OrderRow::from(&order);
    assert_eq!((row.line_count, row.status), (2, OrderStatus::Confirmed));
    assert_eq!((row.id, row.customer, row.total, row.placed_at), (order.id, user(7), order.total(), at(10)));
}
