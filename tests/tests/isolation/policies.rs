//! What the roles of the template may reach, by its policies alone: the items of the session's tenant, in the session's
//! class of access. Types and keys would keep tenants apart as well; here, they are not asked.

use std::collections::BTreeSet;

use cloud::model::{Role, Table};
use platform::testing::namespaces;
use tests::World;
use tests::story::Story;

use super::classes::{
    AUTHENTICATION, BACKGROUND, CLASSES, MAY_ASSUME, ONBOARDING, OPERATING, OWN, PLUGINS, ROUTES, expected,
};

/// With the letter that stands for it below, if any class may do it.
pub(super) const ACTIONS: [(&str, Option<char>); 13] = [
    ("GetItem", Some('G')),
    ("BatchGetItem", Some('B')),
    ("Query", Some('Q')),
    ("ConditionCheckItem", Some('C')),
    ("PutItem", Some('P')),
    ("UpdateItem", Some('U')),
    ("BatchWriteItem", None),
    ("DeleteItem", Some('D')),
    ("PartiQLDelete", None),
    ("PartiQLInsert", None),
    ("PartiQLSelect", None),
    ("PartiQLUpdate", None),
    ("Scan", None),
];
/// Partition keys of requests, none of which is of the session's tenant alone.
pub(super) fn foreign() -> Vec<Vec<String>> {
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
    table_named(world, "TenantTable")
}

pub(super) fn table_named<'w>(world: &'w World, logical_id: &str) -> &'w Table {
    let tables = &world.cloud().stack().tables;
    tables.iter().find(|table| table.logical_id == logical_id).unwrap()
}

fn is_of_tenants(role: &Role) -> bool {
    [ROUTES, AUTHENTICATION, ONBOARDING, OPERATING, PLUGINS, BACKGROUND].contains(&role.logical_id.as_str())
}

/// Whether a session of the role with these tags may do the action, with these partition keys.
pub(super) fn may(
    world: &World,
    role: &Role,
    tags: &[(&str, &str)],
    (action, resource): (&str, &str),
    keys: &[String],
) -> bool {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let action = format!("dynamodb:{action}");
    world.cloud().services().would_allow(&role.arn, tags, (&action, resource), &keys).unwrap()
}

#[test]
fn no_role_reaches_items_of_another_tenant_or_of_none() {
    let world = World::start();
    let table = &table(&world).arn;
    let indexes = ["Facets", "Ordered", "Other"].map(|index| format!("{table}/index/{index}"));
    let resources = [table.clone()].into_iter().chain(indexes).collect::<Vec<_>>();
    let (mut cases, mut reached) = (0, Vec::new());
    for role in &world.cloud().stack().roles {
        for class in CLASSES {
            for (action, _) in ACTIONS {
                for (resource, keys) in resources
                    .iter()
                    .flat_map(|resource| foreign().into_iter().map(move |keys| (resource, keys)))
                {
                    let access = ("Access", class);
                    for tags in [&[("TenantId", OWN), access][..], &[access], &[("TenantId", ""), access]] {
                        cases += 1;
                        if may(&world, role, tags, (action, resource), &keys) {
                            let id = &role.logical_id;
                            reached.push(format!("{id} {class} {action} {resource} {keys:?} {tags:?}"));
                        }
                    }
                }
            }
        }
    }
    println!("{cases} cases");
    assert!(reached.is_empty(), "{}", reached.join("\n"));
}

#[test]
fn a_class_reaches_what_it_needs_of_its_tenant_and_nothing_else() {
    let world = World::start();
    let table = table(&world);
    let (mut cases, mut wrong) = (0, Vec::new());
    for role in world.cloud().stack().roles.iter().filter(|role| is_of_tenants(role)) {
        for class in CLASSES {
            for namespace in namespaces() {
                let id = if namespace.ends_with('#') { "an_id" } else { "" };
                let key = [format!("T#{OWN}#{namespace}{id}")];
                let tags = [("TenantId", OWN), ("Access", class)];
                let may_do = |(action, letter): (&str, Option<char>)| {
                    may(&world, role, &tags, (action, &table.arn), &key).then_some(letter.unwrap_or('!'))
                };
                let found: String = ACTIONS.into_iter().filter_map(may_do).collect();
                cases += ACTIONS.len();
                let expected = expected(&role.logical_id, class, &namespace);
                if found != expected {
                    let id = &role.logical_id;
                    wrong.push(format!("{id}, {class}, {namespace}: {found:?} instead of {expected:?}"));
                }
            }
        }
    }
    println!("{cases} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lists by a facet or in a second order are queries of indexes, whose keys begin with the partition or are the partition's.
#[test]
fn classes_of_routes_query_the_indexes() {
    let world = World::start();
    let table = &table(&world).arn;
    let roles = &world.cloud().stack().roles;
    let role = roles.iter().find(|role| role.logical_id == ROUTES).unwrap();
    let key = [format!("T#{OWN}#orders#placed")];
    for class in CLASSES {
        let tags = [("TenantId", OWN), ("Access", class)];
        let query =
            |index: &str| may(&world, role, &tags, ("Query", &format!("{table}/index/{index}")), &key);
        for index in ["Facets", "Ordered"] {
            assert_eq!(query(index), ["read", "write", "identity"].contains(&class), "{class}");
        }
        assert!(!query("Other"), "{class}");
        assert!(!may(&world, role, &tags, ("PutItem", &format!("{table}/index/Facets")), &key), "{class}");
    }
}

/// A function has nothing of a tenant by itself, whichever tags it would have.
#[test]
fn the_role_of_a_function_reaches_no_item_of_a_tenant() {
    let world = World::start();
    let table = &table(&world).arn;
    let own = [format!("T#{OWN}#orders")];
    for role in world.cloud().stack().roles.iter().filter(|role| !is_of_tenants(role)) {
        for (class, (action, _)) in
            CLASSES.into_iter().flat_map(|class| ACTIONS.map(|action| (class, action)))
        {
            let tags = [("TenantId", OWN), ("Access", class)];
            let reaches = may(&world, role, &tags, (action, table), &own);
            assert!(!reaches, "{} {class} {action}", role.logical_id);
        }
    }
}

#[test]
fn a_vendor_assumes_its_role_in_its_class_and_nobody_assumes_another_role() {
    let world = World::start();
    let stack = world.cloud().stack();
    let (mut pairs, mut found) = (0, BTreeSet::new());
    for function in &stack.functions {
        for role in &stack.roles {
            pairs += 1;
            for class in CLASSES {
                let tags = [("TenantId", OWN), ("Access", class)];
                if would_assume(&world, &function.role_arn, &role.arn, &tags) {
                    found.insert((function.logical_id.as_str(), role.logical_id.as_str(), class));
                }
            }
        }
    }
    println!("{pairs} pairs in {} classes", CLASSES.len());
    assert_eq!(found, MAY_ASSUME.into());
}

/// What a session's tags must be: one tenant and one class, and nothing besides.
#[test]
fn a_vendor_names_one_tenant_its_class_and_nothing_else() {
    let world = World::start();
    let stack = world.cloud().stack();
    let role = |id: &str| &stack.roles.iter().find(|role| role.logical_id == id).unwrap().arn;
    for (function, target, class) in MAY_ASSUME {
        let vendor = role(&format!("{function}Role"));
        let (tenant, access) = (("TenantId", OWN), ("Access", class));
        assert!(would_assume(&world, vendor, role(target), &[tenant, access]));
        for tags in [
            &[][..],
            &[tenant],
            &[access],
            &[("TenantId", ""), access],
            &[("TenantId", "*"), access],
            &[("TenantId", "acme"), access],
            &[tenant, ("Access", "")],
            &[tenant, access, ("Vends", "identity")],
            &[tenant, access, ("Reads", "tenant-stream")],
        ] {
            assert!(!would_assume(&world, vendor, role(target), tags), "{function} {tags:?}");
        }
    }
}

fn would_assume(world: &World, function: &str, role: &str, tags: &[(&str, &str)]) -> bool {
    world.cloud().services().would_assume(function, role, tags).unwrap()
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
