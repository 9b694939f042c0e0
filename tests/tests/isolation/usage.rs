//! The table in which requests are counted, by the template's policies alone.

use tests::World;

use super::policies::{ACTIONS, CLASSES, OWN, ROUTES, foreign, may, table_named};

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
