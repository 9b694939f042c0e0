//! Given events, when a command, then events or a refusal.

use super::{at, line, order_id, reason, two_lines, user};
use crate::order::list::OrderRow;
use crate::order::{
    Cancellation, Command, Line, Lines, OrderEvent, OrderRefusal, OrderStatus, decide, replay,
};
use crate::user::Role;

struct Given(Vec<OrderEvent>);

impl Given {
    #[track_caller]
    fn when_then(self, command: Command, expected: Result<Vec<OrderEvent>, OrderRefusal>) {
        assert_eq!(decide(replay(None, &self.0).as_ref(), command), expected);
    }
}

fn placed() -> OrderEvent {
    OrderEvent::Placed { order: order_id(), customer: user(7), lines: two_lines(), at: at(10) }
}

fn confirmed() -> OrderEvent {
    OrderEvent::Confirmed { by: user(8), at: at(20) }
}

fn place() -> Command {
    Command::Place { order: order_id(), customer: user(7), lines: two_lines(), at: at(10) }
}

fn confirm() -> Command {
    Command::Confirm { by: user(8), at: at(20) }
}

fn cancelled() -> OrderEvent {
    OrderEvent::Cancelled { by: user(9), reason: reason(), at: at(30) }
}

fn cancel() -> Command {
    Command::Cancel { by: user(9), reason: reason(), at: at(30) }
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
    Given(vec![]).when_then(place(), Ok(vec![placed()]));
}

#[test]
fn an_order_is_placed_once() {
    Given(vec![placed()]).when_then(place(), Err(OrderRefusal::AlreadyPlaced));
    Given(vec![placed(), confirmed()]).when_then(place(), Err(OrderRefusal::AlreadyPlaced));
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
fn an_order_that_is_not_there_is_not_changed() {
    for command in [confirm(), cancel(), add(line(3, 5, "EUR", 1)), remove(1)] {
        Given(vec![]).when_then(command, Err(OrderRefusal::NotFound));
    }
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
    let full = OrderEvent::Placed {
        order: order_id(),
        customer: user(7),
        lines: Lines::try_from(lines).unwrap(),
        at: at(10),
    };
    Given(vec![full]).when_then(add(line(200, 1, "EUR", 1)), Err(OrderRefusal::Full));
}

#[test]
fn lines_stay_in_order_and_the_total_follows() {
    let third = line(3, 5, "EUR", 2);
    let order = replay(None, &[placed(), added(third.clone()), removed(1)]).unwrap();
    let products: Vec<_> = order.lines().into_iter().map(Line::product).collect();
    assert_eq!(products, [line(2, 1, "EUR", 1).product(), third.product()]);
    assert_eq!(order.total().amount().get(), 399 + 10);
}

#[test]
fn the_state_shows_what_happened() {
    let order = replay(None, &[placed()]).unwrap();
    assert_eq!((order.status(), order.confirmed_at()), (OrderStatus::Placed, None));
    assert_eq!((order.id(), order.customer(), order.placed_at()), (order_id(), user(7), at(10)));
    assert_eq!((order.lines(), order.total()), (&two_lines(), two_lines().total()));

    let order = replay(Some(order), &[confirmed()]).unwrap();
    assert_eq!((order.status(), order.confirmed_at()), (OrderStatus::Confirmed, Some(at(20))));
    assert_eq!(order.cancellation(), None);

    let order = replay(Some(order), &[cancelled()]).unwrap();
    assert_eq!((order.status(), order.confirmed_at()), (OrderStatus::Cancelled, Some(at(20))));
    assert_eq!(order.cancellation(), Some(&Cancellation { at: at(30), reason: reason() }));
}

#[test]
fn events_that_were_never_decided_change_nothing() {
    assert_eq!(replay(None, &[confirmed()]), None);
    let later = OrderEvent::Confirmed { by: user(9), at: at(30) };
    assert_eq!(
        replay(None, &[placed(), confirmed(), later, placed()]),
        replay(None, &[placed(), confirmed()])
    );
    let fifth = added(line(5, 1, "EUR", 1));
    let before = replay(None, &[placed(), removed(1), cancelled()]);
    for never in [fifth, removed(2), confirmed(), cancelled()] {
        assert_eq!(replay(before.clone(), &[never]), before);
    }
    let (twice, last) = (added(line(2, 1, "EUR", 1)), removed(2));
    let before = replay(None, &[placed(), removed(1)]);
    for never in [twice, last, removed(1)] {
        assert_eq!(replay(before.clone(), &[never]), before);
    }
}

#[test]
fn an_order_is_open_to_its_customer_and_to_admins() {
    let order = replay(None, &[placed()]).unwrap();
    assert!(order.is_open_to(user(7), Role::Member));
    assert!(order.is_open_to(user(8), Role::Admin));
    assert!(!order.is_open_to(user(8), Role::Member));
}

#[test]
fn a_row_shows_the_order_at_its_version() {
    let order = replay(None, &[placed(), confirmed()]).unwrap();
    let row = OrderRow::of(&order, 2);
    assert_eq!((row.seq, row.line_count, row.status), (2, 2, OrderStatus::Confirmed));
    assert_eq!(
        (row.id, row.customer, row.total, row.placed_at),
        (order.id(), user(7), order.total(), at(10))
    );
}
