//! The tables of `docs/api`: who may call which route, and the capacity that a call consumes.

use crate::operation::{Operation, RequiredAccess};

const GENERATED: &str = "Made by `make contract` from the code; `make check` compares.";

pub(crate) fn roles(operations: &[Operation]) -> String {
    let rows = operations.iter().map(|operation| {
        let who = match &operation.description.required_access {
            RequiredAccess::Anyone => "anyone".to_owned(),
            RequiredAccess::Operator => "operator".to_owned(),
            RequiredAccess::Tenant(role) => format!("{role} of the tenant"),
        };
        let demands = if operation.description.is_conditional { "`If-Match`" } else { "" };
        format!("| `{}` | {who} | {demands} | {} |", operation.key(), operation.summary)
    });
    table(
        "Who may call what",
        "An admin may do all that a member may. What a member may do with one thing, such as seeing an order, can \
         depend on whose it is; the endpoint then answers 404.",
        "| Route | Who | Demands | What it does |\n|---|---|---|---|",
        rows,
    )
}

pub(crate) fn capacity(operations: &[Operation]) -> String {
    let rows = operations.iter().flat_map(|operation| {
        operation.description.costs.iter().map(|cost| {
            let case = if cost.case.is_empty() { String::new() } else { format!(", {}", cost.case) };
            format!("| `{}`{case} | {} | {} |", operation.key(), cost.read, cost.write)
        })
    });
    table(
        "What a call consumes",
        "In DynamoDB's capacity units, by the function itself, for items of up to 1 KB written and 4 KB read. A test \
         measures each and demands equality.",
        "| Route | RCU | WCU |\n|---|---|---|",
        rows,
    )
}

fn table(title: &str, about: &str, head: &str, rows: impl Iterator<Item = String>) -> String {
    let mut rows: Vec<String> = rows.collect();
    rows.push(String::new());
    format!("# {title}\n\n{GENERATED} {about}\n\n{head}\n{}", rows.join("\n"))
}
