//! The table of permissions, cell by cell: each route is called with a request that would succeed, by each kind of
//! caller. The cells are those of the committed page, so that a role that changes in the code alone is found here.

use client::{Http, Response};
use contract::{Operation, RequiredAccess};
use tests::{World, answers, workspace};

use super::matrix::own::{Sent, own};
use super::matrix::side::{By, Side};

const PAGE: &str = "docs/api/roles.md";
const CALLERS: [&str; 5] = ["anonymous", "member", "admin", "reader", "operator"];

/// The routes of the page, each with its cells.
fn rows() -> Vec<(String, [String; 5])> {
    let page = std::fs::read_to_string(workspace::root().join(PAGE)).unwrap();
    let lines = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let row = |line: &str| {
        let (key, cells) = line.split_once("` | ").unwrap();
        let mut cells = cells.split(" | ").map(|cell| cell.trim_matches('`').to_owned());
        (
            key.to_owned(),
            CALLERS.map(|caller| cells.next().unwrap_or_else(|| panic!("{key}: no cell of {caller}"))),
        )
    };
    lines.map(row).collect()
}

#[test]
fn every_route_answers_each_caller_as_its_cell_says() {
    let world = World::start();
    let side = Side::fill(&world, "acme", 0);
    let rows = rows();
    let mut cells = 0;
    let mut wrong = Vec::new();
    for operation in World::operations() {
        let key = operation.key();
        let Some((_, expected)) = rows.iter().find(|(route, _)| *route == key) else {
            wrong.push(format!("{key}: no row in {PAGE}"));
            continue;
        };
        for (caller, expected) in CALLERS.into_iter().zip(expected) {
            for sent in requests(&world, &side, operation, caller) {
                cells += 1;
                let answer = sent.request().send();
                if !is_as(expected, operation, &answer) {
                    let (status, text) = (answer.status, answer.text());
                    wrong.push(format!(
                        "{key} ({}) as {caller}: {status} and not {expected}: {text}",
                        sent.method
                    ));
                }
            }
        }
    }
    println!("{cells} cells");
    assert_eq!(rows.len(), World::operations().len(), "{PAGE} has a route that is not there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A request with the values of somebody who may send it, and the caller's own where they differ; a GET also as HEAD.
fn requests(world: &World, side: &Side, operation: &Operation, caller: &str) -> Vec<Sent> {
    let is_for_admins = operation.description.required_access == RequiredAccess::Tenant("admin".to_owned());
    let by = if caller == "member" && !is_for_admins { By::Member } else { By::Admin };
    let request = || {
        let mut sent = own(world, side, operation, by);
        // Whose password it is changes its sender: that request has a client of its own.
        let has_own_client = operation.key() == "PUT /me/password" && matches!(caller, "member" | "admin");
        if !has_own_client {
            sent.client = client(world, side, operation, caller);
        }
        sent
    };
    match operation.is_get() {
        true => vec![request(), request().as_head()],
        false => vec![request()],
    }
}

/// Of the API that has the route, with the caller's credential.
fn client(world: &World, side: &Side, operation: &Operation, caller: &str) -> Http {
    let url = if operation.is_of_operators() { world.operators_url() } else { &world.cloud().url() };
    match caller {
        "anonymous" => Http::clone(&answers::anonymous(url)),
        "operator" => Http::clone(&answers::operator(url, world.keys("operator"))),
        "reader" => Http::clone(&answers::operator(url, world.keys("operator-read"))),
        "member" => Http::clone(&answers::anonymous(url).bearing(&side.member.token)),
        _ => Http::clone(&answers::anonymous(url).bearing(&side.tenant.token)),
    }
}

fn is_as(expected: &str, operation: &Operation, answer: &Response) -> bool {
    match expected {
        "yes" => answer.status < 300,
        // The gateway itself refuses who has no token on a tenant's route; the answer to a HEAD has no body to tell.
        "401" => {
            let by_the_gateway = answer.json()["message"].is_string();
            answer.status == 401 && (answer.body.is_empty() || by_the_gateway == operation.is_of_tenants())
        }
        "403" => answer.status == 403,
        _ => false,
    }
}
