//! Facets are an attribute of rows, which IAM does not compare with the session: a row of another tenant that claims to
//! be in a facet is in no list.

use client::Http;
use contract::Operation;
use serde_json::{Value, json};
use tests::World;

use super::matrix::ids_in;
use super::matrix::places::described;
use super::matrix::side::Side;
use crate::walk::settled_items;

const VICTIM: &str = "quux-victim";

#[test]
fn a_row_of_another_tenant_that_claims_a_facet_is_in_no_list() {
    let world = World::start();
    let [stranger, victim] = ["stranger", VICTIM].map(|slug| Side::fill(&world, slug, 0));
    let own = format!("T#{}#", victim.tenant.id);
    let claimed = format!("T#{}#", stranger.tenant.id);
    let rows: Vec<Value> = settled_items(&world)
        .into_iter()
        .filter(|row| row["pk"]["S"].as_str().unwrap().starts_with(&own))
        .filter_map(|mut row| {
            let facet = row["facet"]["S"].as_str()?.replace(&own, &claimed);
            row["facet"]["S"] = json!(facet);
            Some(row)
        })
        .collect();
    let ids: Vec<String> = rows.iter().map(|row| row["sk"]["S"].as_str().unwrap().to_owned()).collect();
    assert!(!rows.is_empty());
    world.put_rows(rows);
    let lists: Vec<String> = World::operations().iter().flat_map(lists_by_facet).collect();
    for path in &lists {
        let shown = Http::clone(&stranger.tenant.admin).get(path).send();
        shown.expect(200);
        let text = shown.text();
        assert!(!text.contains(VICTIM), "{path}: {text}");
        let foreign = ids_in(&text).find(|(_, id)| ids.iter().any(|other| other == id));
        assert_eq!(foreign, None, "{path}: {text}");
    }
    assert!(!world.foreign_touches().is_empty(), "the index answers such rows, and the function drops them");
    println!("{} rows claim a facet of {} lists", ids.len(), lists.len());
}

/// The lists of a route by each value of each parameter that is chosen from a list.
fn lists_by_facet(operation: &Operation) -> Vec<String> {
    let parameters = described(operation)["parameters"].as_array().into_iter().flatten();
    let in_query = parameters.filter(|parameter| operation.is_get() && parameter["in"] == "query");
    let chosen =
        in_query.filter(|parameter| operation.is_of_tenants() && parameter["schema"]["enum"].is_array());
    let path = &operation.description.path;
    chosen
        .flat_map(|parameter| {
            let values =
                parameter["schema"]["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
            values.map(|value| format!("{path}?{}={value}", parameter["name"].as_str().unwrap()))
        })
        .collect()
}
