//! What the roles of functions may reach, by the policies of the template alone: the items of the session's tenant, and
//! nothing without a tenant. Types and keys would keep tenants apart as well; here, they are not asked.

use std::collections::BTreeSet;

use cloud::model::{Function, Table};
use tests::World;

use crate::story::Story;

const ACTIONS: [&str; 13] = [
    "BatchGetItem",
    "BatchWriteItem",
    "ConditionCheckItem",
    "DeleteItem",
    "GetItem",
    "PartiQLDelete",
    "PartiQLInsert",
    "PartiQLSelect",
    "PartiQLUpdate",
    "PutItem",
    "Query",
    "Scan",
    "UpdateItem",
];
const OWN: &str = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d";

/// Partition keys of requests, none of which is of the session's tenant alone.
fn foreign() -> Vec<Vec<String>> {
    let other = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2e";
    let (own, foreign) = (format!("T#{OWN}#orders"), format!("T#{other}#orders"));
    vec![
        vec![],
        vec![foreign.clone()],
        vec![own, foreign],
        vec![format!("T#{OWN}")],
        vec![format!("T#{OWN}0#orders")],
        vec![format!("t#{OWN}#orders")],
        vec![format!("T##{OWN}#orders")],
        vec!["slug#acme".to_owned()],
        vec!["T#*".to_owned()],
        vec![String::new()],
    ]
}

fn table(world: &World) -> &Table {
    let tables = &world.cloud().stack().tables;
    tables.iter().find(|table| table.logical_id == "TenantTable").unwrap()
}

/// Whether a session of the function's role with these tags may do the action, with these partition keys.
fn may(
    world: &World,
    function: &Function,
    tags: &[(&str, &str)],
    (action, resource): (&str, &str),
    keys: &[String],
) -> bool {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let action = format!("dynamodb:{action}");
    world.cloud().services().would_allow(&function.role_arn, tags, (&action, resource), &keys).unwrap()
}

#[test]
fn no_role_reaches_items_of_another_tenant_or_of_none() {
    let world = World::start();
    let table = &table(&world).arn;
    let resources = [table.clone(), format!("{table}/index/Facets"), format!("{table}/index/Other")];
    let (mut cases, mut reached) = (0, Vec::new());
    for function in &world.cloud().stack().functions {
        for resource in &resources {
            for action in ACTIONS {
                for keys in foreign() {
                    for tags in [&[("TenantId", OWN)][..], &[], &[("TenantId", "")]] {
                        cases += 1;
                        if may(&world, function, tags, (action, resource), &keys) {
                            reached
                                .push(format!("{} {action} {resource} {keys:?} {tags:?}", function.binary));
                        }
                    }
                }
            }
        }
    }
    println!("{cases} cases");
    assert!(reached.is_empty(), "{}", reached.join("\n"));
}

/// Without this, the test above would pass for roles that may do nothing at all.
#[test]
fn roles_reach_items_of_their_session_s_tenant() {
    let world = World::start();
    let table = table(&world);
    let own = [format!("T#{OWN}#orders")];
    let may_do = |action: &&str| {
        let mut functions = world.cloud().stack().functions.iter();
        functions.any(|function| may(&world, function, &[("TenantId", OWN)], (action, &table.arn), &own))
    };
    let granted: BTreeSet<&str> = ACTIONS.into_iter().filter(may_do).collect();
    let expected = ["BatchGetItem", "ConditionCheckItem", "GetItem", "PutItem", "Query", "UpdateItem"];
    assert_eq!(granted, expected.into());
}

/// A denial would be a right that is missing, or a call that should not be made.
#[test]
fn a_whole_story_is_denied_nothing() {
    let world = World::start();
    let tenant = world.tenant("acme");
    Story::of(&world, &tenant).tell();
    tenant.admin.dashboard();
    tenant.admin.get("/audit").send().expect(200);
    world.wait_until_consumed();
    assert_eq!(world.cloud().services().denied(), []);
}
