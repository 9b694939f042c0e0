//! The tables of `docs/api`: who may call which route, the capacity that a call or an event consumes, and who hears of
//! which event.

use crate::catalogue::PublishedEvent;
use crate::consumer::Consumer;
use crate::describe::Cost;
use crate::operation::{Description, Operation, RequiredAccess};
use crate::{Contract, events};

const GENERATED: &str = "Made by `make contract` from the code; `make check` compares.";

pub(crate) fn roles(operations: &[Operation]) -> String {
    let rows = operations.iter().map(|operation| {
        let cells = cells(operation).join(" | ");
        let demands = demands(&operation.description);
        let permission = permission(&operation.description);
        format!("| `{}` | {cells} | {permission} | {demands} | {} |", operation.key(), operation.summary)
    });
    page(
        "Who may call what",
        "Each cell is the answer to a request that would succeed for who may send it. Anonymous callers send no \
         credential, and users their tenant's access token. A user may call a route by any of the user's roles, and a \
         role by the permission that the route needs, which a tenant gives to roles of its own as well; a route without \
         one is every user's. Operators sign their requests as AWS principals, and the routes that they may call are \
         those of the operators' API; a reader is an operator who may read alone. What a user may do with one thing, \
         such as seeing an order, can depend on whose it is, and what gives or takes power on whom it is about: that is \
         asked for each thing, and the endpoint then answers 404, or 403 where the thing is no secret. A test tries \
         every cell.",
        &table(
            "| Route | Anonymous | Member | Contributor | Author | Editor | Admin | Owner | Reader | Operator | Permission | Demands | What it does |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|",
            rows,
        ),
    )
}

fn demands(description: &Description) -> String {
    let precondition = description.is_conditional.then(|| "`If-Match`".to_owned());
    let feature = description.feature.as_ref().map(|feature| format!("feature `{feature}`"));
    let plugin = description.plugin.as_ref().map(|plugin| format!("plugin `{plugin}`"));
    Vec::from_iter(precondition.into_iter().chain(feature).chain(plugin)).join(", ")
}

fn permission(description: &Description) -> String {
    let RequiredAccess::Tenant(permissions) = &description.required_access else { return String::new() };
    let named: Vec<String> = permissions.iter().map(|name| format!("`{name}`")).collect();
    named.join(" or ")
}

/// Of users, in ascending order.
const ROLES: [&str; 6] = ["member", "contributor", "author", "editor", "admin", "owner"];

/// The answers to an anonymous caller, a user of each role, an operator who reads alone, and an operator. A tenant's
/// authorizer refuses a signature, as it does any other authorization that is no token of ours.
fn cells(operation: &Operation) -> [&'static str; 9] {
    let answer = |is_allowed: bool| if is_allowed { "yes" } else { "`403`" };
    let (anonymous, users, reader, operator) = match &operation.description.required_access {
        RequiredAccess::Anyone => ("yes", [true; 6], true, true),
        RequiredAccess::Operator => ("`403`", [false; 6], operation.is_get(), true),
        RequiredAccess::Tenant(_) => {
            let may = |role: &str| operation.description.roles.iter().any(|other| other == role);
            ("`401`", ROLES.map(may), false, false)
        }
    };
    let [member, contributor, author, editor, admin, owner] = users.map(answer);
    [anonymous, member, contributor, author, editor, admin, owner, answer(reader), answer(operator)]
}

pub(crate) fn capacity(contract: &Contract) -> String {
    let calls = contract.operations.iter().flat_map(|operation| {
        operation.description.costs.iter().map(|cost| {
            let case = if cost.case.is_empty() { String::new() } else { format!(", {}", cost.case) };
            format!("| `{}`{case} | {} | {} |", operation.key(), cost.read, cost.write)
        })
    });
    let events = contract.consumers.iter().flat_map(|consumer| {
        let row = |cost: &Cost| {
            let event = match cost.case.split_once(", ") {
                Some((event, words)) => format!("`{event}`, {words}"),
                None if cost.case.is_empty() => "every event".to_owned(),
                None => format!("`{}`", cost.case),
            };
            format!("| `{}` | {event} | {} | {} |", consumer.binary, cost.read, cost.write)
        };
        consumer.description.costs.iter().map(row)
    });
    let calls = table("| Route | RCU | WCU |\n|---|---|---|", calls);
    let events = table("| Consumer | Event | RCU | WCU |\n|---|---|---|---|", events);
    page(
        "What a call consumes",
        "In DynamoDB's capacity units, by the function itself, for items of up to 1 KB written and 4 KB read. A test \
         measures each and demands equality.",
        &format!("{calls}\n## What an event consumes\n\nBy each consumer that hears of it.\n\n{events}"),
    )
}

fn names(events: &[String]) -> String {
    let names: Vec<String> = events.iter().map(|event| format!("`{event}`")).collect();
    names.join(", ")
}

pub(crate) fn events(contract: &Contract) -> String {
    let language = &contract.catalogue.description;
    let events = table(
        "| Event | Version | What happened | Consumers |\n|---|---|---|---|",
        language.events.iter().map(|event| event_row(event, &contract.consumers)),
    );
    let consumers = contract.consumers.iter().map(|consumer| {
        let Consumer { binary, summary, description, .. } = consumer;
        let heard = match description.events.len() == language.events.len() {
            true => "all".to_owned(),
            false => names(&description.events),
        };
        let ever = match names(&description.while_inactive) {
            ever if ever.is_empty() => ever,
            ever => format!("; also while the plugin is not active: {ever}"),
        };
        let plugin = description.plugin.as_ref().map(|plugin| format!(", of the plugin `{plugin}`"));
        let plugin = plugin.unwrap_or_default();
        format!("| `{binary}` | {}{plugin} | {summary} | {heard}{ever} |", description.kind)
    });
    let consumers = table("| Consumer | Kind | What it does | Events |\n|---|---|---|---|", consumers);
    page(
        "What is published, and who hears of it",
        &format!(
            "An event is the `detail` of an EventBridge event whose `source` is `{}` and whose `detail-type` is the \
             type, in its [envelope](../events/envelope.json). A version is that of its data; a type is published in \
             its newest version alone. Programs read the same in [asyncapi.json](../events/asyncapi.json).",
            language.source
        ),
        &format!(
            "{events}\n## Consumers\n\nWhat an event costs each of them stands in [capacity.md](capacity.md).\n\n\
             {consumers}"
        ),
    )
}

fn event_row(event: &PublishedEvent, consumers: &[Consumer]) -> String {
    let hears = |consumer: &&Consumer| consumer.description.events.contains(&event.r#type);
    let consumers: Vec<String> =
        consumers.iter().filter(hears).map(|consumer| format!("`{}`", consumer.binary)).collect();
    let (name, file) = (&event.r#type, events::file_name(event));
    format!(
        "| [`{name}`](../events/{file}) | {} | {} | {} |",
        event.version,
        event.about,
        consumers.join(", ")
    )
}

fn page(title: &str, about: &str, body: &str) -> String {
    format!("# {title}\n\n{GENERATED} {about}\n\n{body}")
}

fn table(head: &str, rows: impl Iterator<Item = String>) -> String {
    let mut lines = vec![head.to_owned()];
    lines.extend(rows);
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn a_route_is_open_to_the_roles_that_it_names_and_nothing_of_a_tenant_to_others() {
        let of = |method: &str, required_access, roles: &[&str]| {
            let mut operation = fixtures::operation(method, required_access);
            operation.description.roles = roles.iter().map(|role| (*role).to_owned()).collect();
            let cells = cells(&operation);
            [cells[0], cells[1], cells[5], cells[6], cells[7], cells[8]]
        };
        let tenant = || RequiredAccess::Tenant(vec!["users:manage".to_owned()]);
        assert_eq!(of("GET", tenant(), &ROLES), ["`401`", "yes", "yes", "yes", "`403`", "`403`"]);
        let some = &["admin", "owner"];
        assert_eq!(of("GET", tenant(), some), ["`401`", "`403`", "yes", "yes", "`403`", "`403`"]);
        let operator = || RequiredAccess::Operator;
        assert_eq!(of("GET", operator(), &[]), ["`403`", "`403`", "`403`", "`403`", "yes", "yes"]);
        assert_eq!(of("POST", operator(), &[]), ["`403`", "`403`", "`403`", "`403`", "`403`", "yes"]);
        assert_eq!(of("POST", RequiredAccess::Anyone, &[]), ["yes"; 6]);
    }

    #[test]
    fn what_a_route_demands_stands_in_its_row() {
        let mut operation = fixtures::operation("PATCH", RequiredAccess::Tenant(Vec::new()));
        operation.description.is_conditional = true;
        assert_eq!(demands(&operation.description), "`If-Match`");
        operation.description.feature = Some("audit".to_owned());
        assert_eq!(demands(&operation.description), "`If-Match`, feature `audit`");
    }

    #[test]
    fn events_name_their_consumers_and_consumers_their_events() {
        let page = events(&fixtures::contract());
        for line in [
            "| [`order.placed`](../events/order.placed.v2.json) | 2 | A customer placed an order. | `notify` |",
            "| [`order.confirmed`](../events/order.confirmed.v1.json) | 1 | An order was confirmed. |  |",
            "| `notify` | reaction | Tells people what happened | `order.placed`, `user.registered` |",
        ] {
            assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
        }
    }

    #[test]
    fn a_consumer_of_all_events_says_so() {
        let mut contract = fixtures::contract();
        contract.consumers[0].description.events.push("order.confirmed".to_owned());
        let page = events(&contract);
        assert!(page.contains("| `notify` | reaction | Tells people what happened | all |\n"), "{page}");
    }

    #[test]
    fn every_case_of_an_event_has_its_capacity() {
        let page = capacity(&fixtures::contract());
        let expected = "| Consumer | Event | RCU | WCU |\n|---|---|---|---|\n\
                        | `notify` | `order.placed` | 1.5 | 4 |\n\
                        | `notify` | `user.registered` | 0 | 2 |\n\
                        | `notify` | `user.registered`, an admin | 1 | 2 |\n";
        assert!(page.ends_with(expected), "{page}");
    }
}
