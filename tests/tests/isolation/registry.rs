//! Who may do what in the registry, by the policies alone: it says which tenants there are, and holds no data of them.

use std::collections::BTreeMap;

use cloud::model::Role;
use tests::World;

const ACTIONS: [(&str, char); 9] = [
    ("GetItem", 'G'),
    ("BatchGetItem", 'B'),
    ("Query", 'Q'),
    ("Scan", 'S'),
    ("ConditionCheckItem", 'C'),
    ("PutItem", 'P'),
    ("UpdateItem", 'U'),
    ("DeleteItem", 'D'),
    ("BatchWriteItem", 'W'),
];
const KEYS: [&str; 9] = [
    "slug#acme",
    "receipt#0123",
    "attempts#account#1",
    "health",
    "operators#audit",
    "tenants",
    "tiers",
    "T#ten_1#orders",
    "else",
];

/// The keys that a role reaches, each with the letters of what it may do.
fn expected(role: &str) -> BTreeMap<&'static str, &'static str> {
    match role {
        "OnboardingDataRole" => [("operators#audit", "P"), ("receipt#0123", "P"), ("slug#acme", "P")].into(),
        "OperatingDataRole" => {
            [("operators#audit", "P"), ("receipt#0123", "P"), ("slug#acme", "P"), ("tiers", "G")].into()
        }
        "OnboardTenantFunctionRole" => [("receipt#0123", "G")].into(),
        "ListOperationsFunctionRole" => [("operators#audit", "Q")].into(),
        "ListTenantsFunctionRole" => [("slug#acme", "GQ"), ("tenants", "GQ")].into(),
        "LogInFunctionRole" => [("attempts#account#1", "BU"), ("health", "G"), ("slug#acme", "G")].into(),
        "RefreshSessionFunctionRole" | "EndSessionFunctionRole" | "GetHealthFunctionRole" => {
            [("health", "G"), ("slug#acme", "G")].into()
        }
        _ => BTreeMap::new(),
    }
}

fn may(world: &World, role: &Role, action: &str, table: &str, keys: &[&str]) -> bool {
    // Tags that a session of tenants would have; a function's own session has none of them to itself.
    let tags = [("TenantId", "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d"), ("Access", "onboard")];
    let action = format!("dynamodb:{action}");
    world.cloud().services().would_allow(&role.arn, &tags, (&action, table), keys).unwrap()
}

#[test]
fn slugs_are_taken_by_onboarding_and_read_by_sign_in_alone() {
    let world = World::start();
    let stack = world.cloud().stack();
    let table = &stack.tables.iter().find(|table| table.logical_id == "RegistryTable").unwrap().arn;
    for role in &stack.roles {
        let mut found = BTreeMap::new();
        for key in KEYS {
            let letters: String = ACTIONS
                .into_iter()
                .filter(|(action, _)| may(&world, role, action, table, &[key]))
                .map(|(_, letter)| letter)
                .collect();
            if !letters.is_empty() {
                found.insert(key, letters);
            }
        }
        let expected = expected(&role.logical_id).into_iter().map(|(key, letters)| (key, letters.to_owned()));
        assert_eq!(found, expected.collect(), "{}", role.logical_id);
        for (action, _) in ACTIONS {
            for keys in [&[][..], &["slug#acme", "else"], &["attempts#account#1", "T#ten_1#orders"]] {
                assert!(!may(&world, role, action, table, keys), "{} {action} {keys:?}", role.logical_id);
            }
        }
    }
}
