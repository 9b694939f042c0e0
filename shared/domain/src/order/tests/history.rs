//! Whatever is commanded: replay equals the state, and a snapshot with the tail equals the whole replay.

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::prelude::*;

use super::{at, line, order_id, reason, user};
use crate::id::{ProductId, UserId};
use crate::order::{Command, Line, Lines, Order, OrderEvent, OrderSnapshot, decide, evolve, replay};

fn any_line() -> impl Strategy<Value = Line> {
    (0..12_u128, 0..2_000_000_u64, prop_oneof![9 => Just("EUR"), 1 => Just("USD")], 1..=10_000_u64)
        .prop_map(|(product, price, currency, quantity)| line(product, price, currency, quantity))
}

fn any_lines() -> impl Strategy<Value = Lines> {
    proptest::collection::vec(any_line(), 1..6)
        .prop_filter_map("lines of an order", |lines| Lines::try_from(lines).ok())
}

fn any_second() -> impl Strategy<Value = Timestamp> {
    (0..1000_i64).prop_map(at)
}

fn any_user() -> impl Strategy<Value = UserId> {
    (1..4_u128).prop_map(user)
}

/// Few commands place, and fewer end an order, so that most meet one that is placed.
fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => (any_lines(), any_second()).prop_map(|(lines, at)| Command::Place {
            order: order_id(), customer: user(7), lines, at,
        }),
        5 => any_line().prop_map(|line| Command::AddLine { line }),
        5 => any_line().prop_map(|line| Command::RemoveLine { product: line.product() }),
        1 => (any_user(), any_second()).prop_map(|(by, at)| Command::Confirm { by, at }),
        1 => (any_user(), any_second()).prop_map(|(by, at)| Command::Cancel { by, reason: reason(), at }),
    ]
}

fn run(commands: Vec<Command>) -> (Option<Order>, Vec<OrderEvent>) {
    let (mut state, mut history) = (None, Vec::new());
    for command in commands {
        for event in decide(state.as_ref(), command).unwrap_or_default() {
            state = evolve(state, &event);
            history.push(event);
        }
    }
    (state, history)
}

/// Events in any order, also ones that `decide` would never have made.
fn any_events() -> impl Strategy<Value = Vec<OrderEvent>> {
    let event = prop_oneof![
        2 => (any_lines(), any_second()).prop_map(|(lines, at)| OrderEvent::Placed {
            order: order_id(), customer: user(7), lines, at,
        }),
        5 => any_line().prop_map(|line| OrderEvent::LineAdded { line }),
        5 => any_line().prop_map(|line| OrderEvent::LineRemoved { product: line.product() }),
        1 => (any_user(), any_second()).prop_map(|(by, at)| OrderEvent::Confirmed { by, at }),
        1 => (any_user(), any_second()).prop_map(|(by, at)| OrderEvent::Cancelled { by, reason: reason(), at }),
    ];
    proptest::collection::vec(event, 0..24)
}

/// What is true of the lines of every order.
fn keeps_the_rules(lines: &Lines) -> Result<(), TestCaseError> {
    let all = lines.as_slice().to_vec();
    prop_assert_eq!(Lines::try_from(all), Ok(lines.clone()));
    let products: BTreeSet<ProductId> = lines.into_iter().map(Line::product).collect();
    prop_assert_eq!(products.len(), lines.as_slice().len());
    let exact: u64 = lines.into_iter().map(|line| line.total().amount().get()).sum();
    prop_assert_eq!(lines.total().amount().get(), exact);
    Ok(())
}

proptest! {
    #[test]
    fn replay_equals_the_state(commands in proptest::collection::vec(any_command(), 0..24)) {
        let (state, history) = run(commands);
        prop_assert_eq!(replay(None, &history), state);
    }

    #[test]
    fn snapshot_and_tail_equal_the_whole_replay_at_every_cut(events in any_events()) {
        let whole = replay(None, &events);
        for cut in 0..=events.len() {
            let (head, tail) = events.split_at(cut);
            let snapshot = replay(None, head).map(OrderSnapshot::from);
            prop_assert_eq!(&replay(snapshot.map(Order::from), tail), &whole);
        }
    }

    #[test]
    fn what_is_decided_takes_effect(commands in proptest::collection::vec(any_command(), 0..24)) {
        let mut state = None;
        for command in commands {
            if let Ok(events) = decide(state.as_ref(), command.clone()) {
                let next = replay(state.clone(), &events);
                prop_assert_ne!(&next, &state);
                prop_assert!(decide(next.as_ref(), command).is_err());
                state = next;
            }
        }
    }

    #[test]
    fn an_order_keeps_the_rules_of_lines_whatever_is_commanded(
        commands in proptest::collection::vec(any_command(), 0..60),
    ) {
        let (state, _) = run(commands);
        if let Some(order) = state {
            keeps_the_rules(order.lines())?;
        }
    }

    #[test]
    fn an_order_keeps_the_rules_of_lines_whatever_is_replayed(events in any_events()) {
        if let Some(order) = replay(None, &events) {
            keeps_the_rules(order.lines())?;
        }
    }

    #[test]
    fn the_total_is_the_sum_of_the_lines(lines in any_lines()) {
        let exact: u128 = lines.as_slice().iter().map(|line| {
            u128::from(line.unit_price().amount().get()) * u128::from(line.quantity().get())
        }).sum();
        prop_assert_eq!(u128::from(lines.total().amount().get()), exact);
    }
}
