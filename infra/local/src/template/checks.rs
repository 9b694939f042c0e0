//! What only the whole template shows: whether its resources fit together.

use std::collections::BTreeMap;

use super::draft::{Draft, DraftRoute, Placed, RouteAuthorizer};
use super::refusal::Report;
use super::rule_permission;
use crate::model::{HttpApi, Route};

pub(super) fn check(draft: &mut Draft, report: &Report<'_>) {
    api(draft, report);
    authorizers(draft, report);
    binaries(draft, report);
    physical_names(draft, report);
    buses(draft, report);
    rule_permission::check(draft, report);
    dead_letters(draft, report);
    sources(draft, report);
}

fn api(draft: &mut Draft, report: &Report<'_>) {
    let mut apis = std::mem::take(&mut draft.apis).into_iter();
    let api = apis.next();
    for extra in apis {
        report.refuse(
            &extra.logical_id,
            extra.line,
            "a second HttpApi is not supported.",
            "keep one HttpApi in the template.",
        );
    }
    let reference = api
        .as_ref()
        .map(|api| format!("{}-{}", draft.stack.name, api.logical_id));
    let default = api
        .as_ref()
        .and_then(|api| api.item.default_authorizer.clone());
    let mut api: Option<HttpApi> = api.map(|api| api.item.api);
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    for placed in &draft.routes {
        let DraftRoute {
            api: of,
            route,
            authorizer,
        } = &placed.item;
        if reference.as_ref() != Some(of) {
            report.refuse(
                &placed.logical_id,
                placed.line,
                format!("ApiId {of} is not the template's HttpApi."),
                "write ApiId: !Ref of the HttpApi.",
            );
        }
        if let Some(first) = shapes.insert(shape(route), placed.line) {
            let problem = format!(
                "the route {} {} stands on line {first} already.",
                route.method, route.path
            );
            report.refuse(
                &placed.logical_id,
                placed.line,
                problem,
                "change the method or the path of one of them.",
            );
        }
        let name = match authorizer {
            RouteAuthorizer::Default => default.clone(),
            RouteAuthorizer::None => None,
            RouteAuthorizer::Named(name) => Some(name.clone()),
        };
        let Some(api) = api.as_mut() else { continue };
        if let Some(name) = name
            .as_ref()
            .filter(|name| !api.authorizers.contains_key(*name))
        {
            report.refuse(
                &placed.logical_id,
                placed.line,
                format!("the authorizer {name} is not declared."),
                "declare it under the HttpApi's Auth.Authorizers.",
            );
        }
        api.routes.push(Route {
            authorizer: name,
            ..route.clone()
        });
    }
    draft.stack.api = api;
}

/// Two routes that differ in a parameter's name alone match the same requests.
fn shape(route: &Route) -> String {
    let segments: Vec<&str> = route
        .path
        .split('/')
        .map(|segment| {
            if segment.starts_with('{') {
                "{}"
            } else {
                segment
            }
        })
        .collect();
    format!("{} {}", route.method, segments.join("/"))
}

fn authorizers(draft: &mut Draft, report: &Report<'_>) {
    let by_arn: BTreeMap<&str, &str> = draft
        .stack
        .functions
        .iter()
        .map(|function| (function.arn.as_str(), function.logical_id.as_str()))
        .collect();
    for Placed {
        logical_id,
        line,
        item,
    } in &draft.authorizer_functions
    {
        if !by_arn.contains_key(item.as_str()) {
            report.refuse(
                logical_id,
                *line,
                format!("FunctionArn {item} is not a function of the template."),
                "write FunctionArn: !GetAtt Function.Arn.",
            );
        }
    }
    for authorizer in draft
        .stack
        .api
        .iter_mut()
        .flat_map(|api| api.authorizers.values_mut())
    {
        if let Some(logical_id) = by_arn.get(authorizer.function.as_str()) {
            authorizer.function = (*logical_id).to_owned();
        }
    }
}

fn binaries(draft: &Draft, report: &Report<'_>) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for Placed {
        logical_id,
        line,
        item,
    } in &draft.binaries
    {
        match seen.get(item.as_str()) {
            Some(first) => report.refuse(
                logical_id,
                *line,
                format!("{first} has the binary {item} already."),
                "give every function a binary of its own.",
            ),
            None => drop(seen.insert(item, logical_id)),
        }
    }
}

fn physical_names(draft: &Draft, report: &Report<'_>) {
    let stack = &draft.stack;
    let functions = stack
        .functions
        .iter()
        .map(|function| (&function.arn, &function.logical_id));
    let tables = stack
        .tables
        .iter()
        .map(|table| (&table.arn, &table.logical_id));
    let queues = stack
        .queues
        .iter()
        .map(|queue| (&queue.arn, &queue.logical_id));
    let buses = stack.buses.iter().map(|bus| (&bus.arn, &bus.logical_id));
    let rules = stack.rules.iter().map(|rule| (&rule.arn, &rule.logical_id));
    let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
    for (arn, logical_id) in functions
        .chain(tables)
        .chain(queues)
        .chain(buses)
        .chain(rules)
    {
        if let Some(first) = seen.insert(arn, logical_id) {
            let line = draft.lines.get(logical_id).copied().unwrap_or_default();
            report.refuse(
                logical_id,
                line,
                format!("{first} has the same physical name."),
                "give one of them another name.",
            );
        }
    }
}

fn buses(draft: &mut Draft, report: &Report<'_>) {
    for (
        rule,
        Placed {
            logical_id,
            line,
            item,
        },
    ) in draft.stack.rules.iter_mut().zip(&draft.rule_buses)
    {
        match draft
            .stack
            .buses
            .iter()
            .find(|bus| bus.name == *item || bus.arn == *item)
        {
            Some(bus) => rule.bus_arn.clone_from(&bus.arn),
            None if item.is_empty() => {}
            None => report.refuse(
                logical_id,
                *line,
                format!("EventBusName {item} is not a bus of the template."),
                "write EventBusName: !Ref of an event bus.",
            ),
        }
    }
}

fn dead_letters(draft: &Draft, report: &Report<'_>) {
    for Placed {
        logical_id,
        line,
        item,
    } in &draft.dead_letters
    {
        if !draft.stack.queues.iter().any(|queue| queue.arn == *item) {
            report.refuse(
                logical_id,
                *line,
                format!("deadLetterTargetArn {item} is not a queue of the template."),
                "write deadLetterTargetArn: !GetAtt Queue.Arn.",
            );
        }
    }
}

fn sources(draft: &Draft, report: &Report<'_>) {
    let stack = &draft.stack;
    for Placed {
        logical_id,
        line,
        item,
    } in &draft.stream_sources
    {
        if !stack
            .tables
            .iter()
            .any(|table| table.stream_arn.as_ref() == Some(item))
        {
            report.refuse(
                logical_id,
                *line,
                format!("Stream {item} is not a stream of the template."),
                "write Stream: !GetAtt Table.StreamArn.",
            );
        }
    }
    for Placed {
        logical_id,
        line,
        item: (arn, function),
    } in &draft.queue_sources
    {
        let Some(queue) = stack.queues.iter().find(|queue| queue.arn == *arn) else {
            report.refuse(
                logical_id,
                *line,
                format!("Queue {arn} is not a queue of the template."),
                "write Queue: !GetAtt Queue.Arn.",
            );
            continue;
        };
        let timeout = stack
            .functions
            .iter()
            .find(|known| known.logical_id == *function)
            .map(|known| known.timeout);
        if let Some(timeout) = timeout.filter(|timeout| queue.visibility_timeout < *timeout) {
            let problem = format!(
                "the function's Timeout of {} s is longer than {}'s VisibilityTimeout of {} s.",
                timeout.as_secs(),
                queue.logical_id,
                queue.visibility_timeout.as_secs()
            );
            report.refuse(
                logical_id,
                *line,
                problem,
                "set the queue's VisibilityTimeout to six times the function's Timeout.",
            );
        }
    }
}
