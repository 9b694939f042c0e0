//! Given events, when a command, then events or a refusal.

use super::{at, order_id, two_lines, user};
use crate::order::list::OrderRow;
use crate::order::{Command, OrderEvent, OrderRefusal, OrderStatus, decide, replay};
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
fn an_order_that_is_not_there_is_not_confirmed() {
    Given(vec![]).when_then(confirm(), Err(OrderRefusal::NotFound));
}

#[test]
fn the_state_shows_what_happened() {
    let order = replay(None, &[placed()]).unwrap();
    assert_eq!((order.status(), order.confirmed_at()), (OrderStatus::Placed, None));
    assert_eq!((order.id(), order.customer(), order.placed_at()), (order_id(), user(7), at(10)));
    assert_eq!((order.lines(), order.total()), (&two_lines(), two_lines().total()));

    let order = replay(Some(order), &[confirmed()]).unwrap();
    assert_eq!((order.status(), order.confirmed_at()), (OrderStatus::Confirmed, Some(at(20))));
}

#[test]
fn events_that_were_never_decided_change_nothing() {
    assert_eq!(replay(None, &[confirmed()]), None);
    let later = OrderEvent::Confirmed { by: user(9), at: at(30) };
    assert_eq!(
        replay(None, &[placed(), confirmed(), later, placed()]),
        replay(None, &[placed(), confirmed()])
    );
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
