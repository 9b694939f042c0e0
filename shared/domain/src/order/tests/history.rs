//! Whatever is commanded: replay equals the state, and a snapshot with the tail equals the whole replay.

use proptest::prelude::*;

use super::{at, line, order_id, user};
use crate::order::{Command, Line, Lines, Order, OrderEvent, OrderSnapshot, decide, evolve, replay};

fn any_line() -> impl Strategy<Value = Line> {
    (0..40_u128, 0..2_000_000_u64, prop_oneof![9 => Just("EUR"), 1 => Just("USD")], 1..=10_000_u64)
        .prop_map(|(product, price, currency, quantity)| line(product, price, currency, quantity))
}

fn any_lines() -> impl Strategy<Value = Lines> {
    proptest::collection::vec(any_line(), 1..6)
        .prop_filter_map("lines of an order", |lines| Lines::try_from(lines).ok())
}

fn any_command() -> impl Strategy<Value = Command> {
    let place = (any_lines(), 0..1000_i64).prop_map(|(lines, second)| Command::Place {
        order: order_id(),
        customer: user(7),
        lines,
        at: at(second),
    });
    let confirm =
        (1..4_u128, 0..1000_i64).prop_map(|(by, second)| Command::Confirm { by: user(by), at: at(second) });
    prop_oneof![place, confirm]
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
    let placed = (any_lines(), 0..1000_i64).prop_map(|(lines, second)| OrderEvent::Placed {
        order: order_id(),
        customer: user(7),
        lines,
        at: at(second),
    });
    let confirmed = (1..4_u128, 0..1000_i64)
        .prop_map(|(by, second)| OrderEvent::Confirmed { by: user(by), at: at(second) });
    proptest::collection::vec(prop_oneof![placed, confirmed], 0..12)
}

proptest! {
    #[test]
    fn replay_equals_the_state(commands in proptest::collection::vec(any_command(), 0..12)) {
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
    fn what_is_decided_takes_effect(commands in proptest::collection::vec(any_command(), 0..12)) {
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
    fn the_total_is_the_sum_of_the_lines(lines in any_lines()) {
        let exact: u128 = lines.as_slice().iter().map(|line| {
            u128::from(line.unit_price().amount().get()) * u128::from(line.quantity().get())
        }).sum();
        prop_assert_eq!(u128::from(lines.total().amount().get()), exact);
    }
}
