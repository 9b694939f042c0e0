//! The tables of what tenants use, by the template's policies alone.

use tests::World;

use super::policies::{ACTIONS, CLASSES, OWN, ROUTES, foreign, may, table_named};

/// What operators bill must be what was used, and how much that is, is nobody's business but theirs and the tenant's.
#[test]
fn usage_is_read_by_its_tenant_and_by_operators_and_is_written_by_the_functions_that_meter_and_close_alone() {
    let world = World::start();
    let table = &table_named(&world, "MeteringTable").arn;
    let own = format!("T#{OWN}#usage");
    let other = own.replace(OWN, "ten_0190b5b4a3b27c10b5a58d0a3b8a1c2e");
    let mut wrong = Vec::new();
    for role in world.cloud().stack().roles.iter().filter(|role| role.logical_id != "DeveloperRole") {
        for class in CLASSES {
            let tags = [("TenantId", OWN), ("Access", class)];
            for (action, letter) in ACTIONS {
                for key in [own.as_str(), &other, "usage#2026-11-28", "platform#usage", "batch#1", "T#", ""] {
                    let expected = match role.logical_id.as_str() {
                        ROUTES => class == "read" && letter == Some('Q') && key == own,
                        "OperatingDataRole" => letter == Some('Q') && key == own,
                        "CloseUsageFunctionRole" => {
                            matches!(letter, Some('Q' | 'U')) && key.starts_with("usage#")
                        }
                        "ListUsageFunctionRole" => letter == Some('Q') && key.starts_with("usage#"),
                        "MeterUsageFunctionRole" => matches!(letter, Some('P' | 'U')),
                        _ => false,
                    };
                    if may(&world, role, &tags, (action, table), &[key.to_owned()]) != expected {
                        wrong.push(format!("{} {class} {action} {key}", role.logical_id));
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
                let others =
                    [vec![format!("T#{OWN}#orders")], vec![own[0].clone(), own[0].replace(OWN, "ten_2")]];
                let reached = others.into_iter().chain(foreign()).filter(|keys| may_on(keys));
                wrong.extend(reached.map(|keys| format!("{} {class} {action} {keys:?}", role.logical_id)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
