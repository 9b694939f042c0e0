//! The table of permissions, cell by cell: each route is called with a request that would succeed, by each kind of
//! caller. The cells are those of the committed page, so that a role that changes in the code alone is found here.

use client::{Http, Response};
use contract::Operation;
use serde_json::json;
use tests::journey::PASSWORD;
use tests::{World, answers, workspace};

use super::matrix::own::{Sent, own_through};
use super::matrix::side::{By, Side};

const PAGE: &str = "docs/api/roles.md";
const CALLERS: [&str; 9] =
    ["anonymous", "member", "contributor", "author", "editor", "admin", "owner", "reader", "operator"];

/// The routes of the page, each with its cells.
fn rows() -> Vec<(String, [String; 9])> {
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
    for (index, caller) in CALLERS.into_iter().enumerate() {
        let caller = Caller { name: caller, token: token(&world, &side, caller) };
        for operation in World::operations() {
            let key = operation.key();
            let Some((_, expected)) = rows.iter().find(|(route, _)| *route == key) else {
                wrong.push(format!("{key}: no row in {PAGE}"));
                continue;
            };
            for sent in requests(&world, &side, operation, &caller) {
                cells += 1;
                let (answer, expected) = (sent.request().send(), &expected[index]);
                if !is_as(expected, operation, &answer) {
                    let (status, text) = (answer.status, answer.text());
                    let (method, name) = (sent.method, caller.name);
                    wrong.push(format!("{key} ({method}) as {name}: {status} and not {expected}: {text}"));
                }
            }
        }
    }
    println!("{cells} cells");
    assert_eq!(rows.len(), World::operations().len(), "{PAGE} has a route that is not there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

struct Caller {
    name: &'static str,
    /// Of users.
    token: Option<String>,
}

/// The owner's, or that of the member, who gets the role for it.
fn token(world: &World, side: &Side, caller: &str) -> Option<String> {
    match caller {
        "anonymous" | "reader" | "operator" => None,
        "owner" => Some(side.tenant.token.clone()),
        role => {
            let admin = &side.tenant.admin;
            let member = admin.user(&side.member.id);
            let user = admin.update_user(&member, &json!({ "roles": [role] })).expect(200);
            Some(world.anonymous().member(&side.tenant.slug, &user, PASSWORD).token)
        }
    }
}

/// A request with the values of somebody who may send it, and the caller's own where they differ; a GET also as HEAD.
fn requests(world: &World, side: &Side, operation: &Operation, caller: &Caller) -> Vec<Sent> {
    let may = operation.description.roles.iter().any(|role| role == caller.name);
    let by = if may && caller.name != "owner" { By::Member } else { By::Admin };
    let own_client = || match &caller.token {
        Some(token) if may => Http::clone(&answers::anonymous(&world.cloud().url()).bearing(token)),
        _ => side.client(by),
    };
    let request = || {
        let mut sent = own_through(world, side, operation, (by, own_client()));
        // What ends the sessions of its sender, or asks for many links, has a client of its own.
        let own = ["PUT /me/password", "PUT /me/email", "DELETE /me/sessions", "DELETE /plugins/{name}/data"];
        let has_own_client = own.contains(&operation.key().as_str()) && caller.token.is_some() && may;
        if !has_own_client {
            sent.client = client(world, operation, caller);
        }
        sent
    };
    match operation.is_get() {
        true => vec![request(), request().as_head()],
        false => vec![request()],
    }
}

/// Of the API that has the route, with the caller's credential.
fn client(world: &World, operation: &Operation, caller: &Caller) -> Http {
    let url = if operation.is_of_operators() { world.operators_url() } else { &world.cloud().url() };
    match (caller.name, &caller.token) {
        (_, Some(token)) => Http::clone(&answers::anonymous(url).bearing(token)),
        ("operator", None) => Http::clone(&answers::operator(url, world.keys("operator"))),
        ("reader", None) => Http::clone(&answers::operator(url, world.keys("operator-read"))),
        _ => Http::clone(&answers::anonymous(url)),
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
