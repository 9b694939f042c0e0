//! Checks across resources, which need the whole template.

mod api;
mod log_destinations;
mod poller_permission;
mod rule_permission;
mod sources;

use std::collections::BTreeMap;

pub(super) use self::log_destinations::check as log_destinations;
use super::draft::Draft;
use super::refusal::Report;

pub(super) fn check(draft: &mut Draft, report: &Report<'_>) {
    api::check(draft, report);
    physical_names(draft, report);
    iam_names(draft, report);
    buses(draft, report);
    rule_permission::check(draft, report);
    sources::check(draft, report);
    poller_permission::check(draft, report);
}

fn physical_names(draft: &Draft, report: &Report<'_>) {
    let stack = &draft.stack;
    let functions = stack.functions.iter().map(|function| (&function.arn, &function.logical_id));
    let tables = stack.tables.iter().map(|table| (&table.arn, &table.logical_id));
    let queues = stack.queues.iter().map(|queue| (&queue.arn, &queue.logical_id));
    let buses = stack.buses.iter().map(|bus| (&bus.arn, &bus.logical_id));
    let rules = stack.rules.iter().map(|rule| (&rule.arn, &rule.logical_id));
    let schedules = stack.schedules.iter().map(|schedule| (&schedule.arn, &schedule.function));
    let log_groups = stack.log_groups.iter().map(|group| (&group.arn, &group.logical_id));
    let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
    for (arn, logical_id) in
        functions.chain(tables).chain(queues).chain(buses).chain(rules).chain(log_groups).chain(schedules)
    {
        if let Some(first) = seen.insert(arn, logical_id) {
            let problem = format!("{first} has the same physical name.");
            let place = draft.places.get(logical_id).copied().unwrap_or(report.place(0));
            report.refuse_at(place, logical_id, problem, "give one of them another name.");
        }
    }
}

fn iam_names(draft: &Draft, report: &Report<'_>) {
    let mut seen: BTreeMap<&(&str, String), &str> = BTreeMap::new();
    for placed in &draft.iam_names {
        if let Some(first) = seen.insert(&placed.item, &placed.logical_id) {
            let problem = format!("the {} of {first} has the same name.", placed.item.0);
            placed.refuse(
                report,
                problem,
                "give one of them another name: a path does not tell names apart.",
            );
        }
    }
}

fn buses(draft: &mut Draft, report: &Report<'_>) {
    for (rule, placed) in draft.stack.rules.iter_mut().zip(&draft.rule_buses) {
        let name = &placed.item;
        match draft.stack.buses.iter().find(|bus| bus.name == *name || bus.arn == *name) {
            Some(bus) => rule.bus_arn.clone_from(&bus.arn),
            // A missing name has been refused already.
            None if name.is_empty() => {}
            None => {
                let problem = format!("EventBusName {name} is not a bus of the template.");
                placed.refuse(report, problem, "write EventBusName: !Ref of an event bus.");
            }
        }
    }
}
