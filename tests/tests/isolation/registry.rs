//! Who may do what in the registry, by the policies alone: it says which tenants there are, and holds no data of them.

use std::collections::BTreeMap;

use cloud::model::Role;
use tests::World;

use super::classes::{AUTHENTICATION, CLASSES, ROUTES};

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
const KEYS: [&str; 10] = [
    "slug#acme",
    "receipt#0123",
    "attempts#account#1",
    "health",
    "operators#audit",
    "tenants",
    "tiers",
    "tiers#0123",
    "T#ten_1#orders",
    "else",
];

/// The keys that a role reaches, each with the letters of what it may do.
fn expected(role: &str) -> BTreeMap<&'static str, &'static str> {
    match role {
        "OnboardingDataRole" => [("operators#audit", "P"), ("receipt#0123", "P"), ("slug#acme", "P")].into(),
        "OperatingDataRole" => {
            [("operators#audit", "P"), ("receipt#0123", "P"), ("slug#acme", "P"), ("tiers", "B")].into()
        }
        "ListOperationsFunctionRole" => [("operators#audit", "Q")].into(),
        "ListTenantsFunctionRole" => [("slug#acme", "G"), ("tenants", "GQ")].into(),
        "ListTiersFunctionRole" => [("tiers", "G")].into(),
        "ReplaceTierFunctionRole" => [("operators#audit", "P"), ("tiers", "GP")].into(),
        "OnboardTenantFunctionRole" => [("receipt#0123", "G"), ("tiers", "G")].into(),
        "AddAdminFunctionRole" | "ReplaceOwnerFunctionRole" => [("receipt#0123", "G")].into(),
        "LogInFunctionRole" | "RegisterOneselfFunctionRole" | "RequestPasswordResetFunctionRole" => {
            [("attempts#account#1", "BU"), ("health", "G"), ("slug#acme", "G")].into()
        }
        "RefreshSessionFunctionRole"
        | "EndSessionFunctionRole"
        | "GetHealthFunctionRole"
        | "ResetPasswordFunctionRole"
        | "AcceptInvitationFunctionRole"
        | "ConfirmEmailFunctionRole"
        | "TakeOwnershipFunctionRole"
        | "VerifyRegistrationFunctionRole" => [("health", "G"), ("slug#acme", "G")].into(),
        _ => BTreeMap::new(),
    }
}

fn may(world: &World, role: &Role, action: &str, table: &str, keys: &[&str]) -> bool {
    may_in("onboard", world, role, action, table, keys)
}

fn may_in(class: &str, world: &World, role: &Role, action: &str, table: &str, keys: &[&str]) -> bool {
    // Tags that a session of tenants would have; a function's own session has none of them to itself.
    let tags = [("TenantId", "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d"), ("Access", class)];
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

/// Authorizers read the tiers beside the tenant's own rows, so in the tenant's session; so does who takes a seat.
#[test]
fn a_session_of_a_tenant_reads_the_tiers_and_nothing_else_of_the_registry() {
    let world = World::start();
    let stack = world.cloud().stack();
    let table = &stack.tables.iter().find(|table| table.logical_id == "RegistryTable").unwrap().arn;
    for (role, class) in
        [ROUTES, AUTHENTICATION].into_iter().flat_map(|role| CLASSES.map(|class| (role, class)))
    {
        let role = stack.roles.iter().find(|known| known.logical_id == role).unwrap();
        let mut found = Vec::new();
        for key in KEYS {
            let may = |action| may_in(class, &world, role, action, table, &[key]);
            found.extend(
                ACTIONS.into_iter().filter(|(action, _)| may(action)).map(|(_, letter)| (key, letter)),
            );
        }
        let expected = match (role.logical_id.as_str(), class) {
            (ROUTES, "read" | "write" | "identity") | (AUTHENTICATION, "join-tenant") => vec![("tiers", 'B')],
            (ROUTES, "register-tenants") => vec![("tenants", 'P')],
            _ => vec![],
        };
        assert_eq!(found, expected, "{class}");
        for keys in [&[][..], &["tiers", "slug#acme"]] {
            assert!(!may_in(class, &world, role, "BatchGetItem", table, keys), "{class} {keys:?}");
        }
    }
}
