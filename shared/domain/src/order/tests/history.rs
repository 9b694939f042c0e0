//! Properties of orders, for any commands and any events.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Stamped, line, order_id, reason, replay, stamp, user};
use crate::Stamp;
use crate::id::ProductId;
use crate::order::{Command, Line, Lines, Order, OrderEvent};

fn any_line() -> impl Strategy<Value = Line> {
    (0..12_u128, 0..2_000_000_u64, prop_oneof![9 => Just("EUR"), 1 => Just("USD")], 1..=10_000_u64)
        .prop_map(|(product, price, currency, quantity)| line(product, price, currency, quantity))
}

fn any_lines() -> impl Strategy<Value = Lines> {
    proptest::collection::vec(any_line(), 1..6)
        .prop_filter_map("lines of an order", |lines| Lines::try_from(lines).ok())
}

fn any_stamp() -> impl Strategy<Value = Stamp> {
    (0..1000_i64).prop_map(stamp)
}

/// Commands that end an order are rare, so that most commands meet a placed one.
fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        5 => any_line().prop_map(|line| Command::AddLine { line }),
        5 => any_line().prop_map(|line| Command::RemoveLine { product: line.product() }),
        1 => Just(Command::Confirm),
        1 => Just(Command::Cancel { reason: reason() }),
    ]
}

fn any_commands(most: usize) -> impl Strategy<Value = Vec<(Command, Stamp)>> {
    proptest::collection::vec((any_command(), any_stamp()), 0..most)
}

/// The order after the commands that it accepted, and the events from its placing on.
fn run(lines: Lines, commands: Vec<(Command, Stamp)>) -> (Order, Vec<Stamped>) {
    let placed = Order::place(order_id(), user(7), lines, stamp(0));
    let mut history: Vec<Stamped> =
        placed.events.into_iter().map(|event| (event, placed.stamp.clone())).collect();
    let mut state = placed.next;
    for (command, stamp) in commands {
        if let Ok(decision) = state.decide(command, stamp) {
            history.extend(decision.events.into_iter().map(|event| (event, decision.stamp.clone())));
            state = decision.next;
        }
    }
    (state, history)
}

/// Events in any order, including histories that no decisions lead to.
fn any_events() -> impl Strategy<Value = Vec<Stamped>> {
    let event = prop_oneof![
        2 => any_lines().prop_map(|lines| OrderEvent::Placed { order: order_id(), customer: user(7), lines }),
        5 => any_line().prop_map(|line| OrderEvent::LineAdded { line }),
        5 => any_line().prop_map(|line| OrderEvent::LineRemoved { product: line.product() }),
        1 => Just(OrderEvent::Confirmed),
        1 => Just(OrderEvent::Cancelled { reason: reason() }),
    ];
    proptest::collection::vec((event, any_stamp()), 0..24)
}

/// Checks the rules of [`Lines`] on lines that were changed one by one.
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
    fn replay_equals_the_state(lines in any_lines(), commands in any_commands(24)) {
        let (state, history) = run(lines, commands);
        prop_assert_eq!(replay(None, &history), Some(state));
    }

    #[test]
    fn what_is_decided_takes_effect(lines in any_lines(), commands in any_commands(24)) {
        let (mut state, _) = run(lines, Vec::new());
        for (command, stamp) in commands {
            if let Ok(decision) = state.decide(command.clone(), stamp.clone()) {
                prop_assert_ne!(&decision.next, &state);
                prop_assert!(decision.next.decide(command, stamp).is_err());
                state = decision.next;
            }
        }
    }

    #[test]
    fn the_times_of_an_order_never_run_backwards(lines in any_lines(), commands in any_commands(24)) {
        let (_, history) = run(lines, commands);
        prop_assert!(history.iter().map(|(_, stamp)| stamp.at).is_sorted());
    }

    #[test]
    fn an_order_keeps_the_rules_of_lines_whatever_is_commanded(lines in any_lines(), commands in any_commands(60)) {
        let (state, _) = run(lines, commands);
        keeps_the_rules(&state.lines)?;
    }

    #[test]
    fn an_order_keeps_the_rules_of_lines_whatever_is_replayed(events in any_events()) {
        if let Some(order) = replay(None, &events) {
            keeps_the_rules(&order.lines)?;
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
