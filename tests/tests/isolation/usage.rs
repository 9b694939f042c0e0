//! The tables of what tenants use, by the template's policies alone.

use tests::World;

use super::policies::{ACTIONS, CLASSES, OWN, ROUTES, foreign, may, table_named};

const OTHER: &str = "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2e";

/// Keys of requests, of which none, or not all, are in the partition of the session's tenant. The word is that behind
/// the tenant in the table's keys.
fn not_its_own(word: &str) -> Vec<Vec<String>> {
    let [own, other] = [OWN, OTHER].map(|tenant| format!("T#{tenant}#{word}"));
    let further = [
        vec![other.clone()],
        vec![own.clone(), other],
        vec![format!("{own}#more")],
        vec![own.trim_end_matches(word).to_owned()],
        vec![format!("T#{OWN}#orders")],
    ];
    further.into_iter().chain(foreign()).collect()
}

/// What operators bill must be what was used, and how much that is, is nobody's business but theirs and the tenant's.
#[test]
fn usage_is_read_by_its_tenant_and_by_operators_and_is_written_by_the_functions_that_meter_and_close_alone() {
    let world = World::start();
    let table = &table_named(&world, "MeteringTable").arn;
    let own = vec![format!("T#{OWN}#usage")];
    let days = vec!["usage#2026-11-28".to_owned()];
    let of_platform = ["platform#usage", "batch#1", "usage"].map(|key| vec![key.to_owned()]);
    let mut wrong = Vec::new();
    for role in &world.cloud().stack().roles {
        for class in CLASSES {
            let tags = [("TenantId", OWN), ("Access", class)];
            for (action, letter) in ACTIONS {
                let mut all = not_its_own("usage");
                all.extend(of_platform.iter().chain([&own, &days]).cloned());
                for keys in all {
                    let expected = match role.logical_id.as_str() {
                        ROUTES => class == "read" && letter == Some('Q') && keys == own,
                        "OperatingDataRole" => letter == Some('Q') && keys == own,
                        "CloseUsageFunctionRole" => matches!(letter, Some('Q' | 'U')) && keys == days,
                        "ListUsageFunctionRole" => letter == Some('Q') && keys == days,
                        "MeterUsageFunctionRole" => matches!(letter, Some('P' | 'U')),
                        _ => false,
                    };
                    if may(&world, role, &tags, (action, table), &keys) != expected {
                        wrong.push(format!("{} {class} {action} {keys:?}", role.logical_id));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Counts of requests are not secret, but whoever could lower another tenant's would lift its limit.
#[test]
fn a_class_of_routes_counts_its_own_tenant_s_requests_and_no_other_role_does() {
    let world = World::start();
    let table = &table_named(&world, "UsageTable").arn;
    let own = [format!("T#{OWN}#requests")];
    let mut wrong = Vec::new();
    for role in &world.cloud().stack().roles {
        for class in CLASSES {
            let tags = [("TenantId", OWN), ("Access", class)];
            let counts = role.logical_id == ROUTES && ["read", "write", "identity"].contains(&class);
            for (action, letter) in ACTIONS {
                let may_on = |keys: &[String]| may(&world, role, &tags, (action, table), keys);
                if may_on(&own) != (counts && matches!(letter, Some('G' | 'U'))) {
                    wrong.push(format!("{} {class} {action} of its own", role.logical_id));
                }
                let reached = not_its_own("requests").into_iter().filter(|keys| may_on(keys));
                wrong.extend(reached.map(|keys| format!("{} {class} {action} {keys:?}", role.logical_id)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
