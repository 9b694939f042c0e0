//! The due ledger, by the template's policies alone.

use tests::World;

use super::classes::CLASSES;
use super::policies::{ACTIONS, may, table_named};

/// What is due is of all tenants. A consumer that defers may say so, and learns nothing of what others have deferred.
#[test]
fn what_is_due_is_read_by_the_clock_s_function_and_put_by_consumers_that_defer_alone() {
    let world = World::start();
    let table = &table_named(&world, "DueTable").arn;
    let consumers = World::consumers().iter();
    let defer: Vec<String> = consumers
        .filter(|consumer| consumer.description.defers)
        .map(|consumer| format!("{}Role", consumer.function))
        .collect();
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<String>>();
    let (due, position) = (keys(&["due#2026-11-28T14:00Z"]), keys(&["position"]));
    let others = [
        keys(&[]),
        keys(&["due#1", "position"]),
        keys(&["due"]),
        keys(&["other"]),
        keys(&["T#ten_1#orders"]),
    ];
    let mut wrong = Vec::new();
    for role in &world.cloud().stack().roles {
        for class in CLASSES {
            let tags = [("TenantId", super::classes::OWN), ("Access", class)];
            for (action, letter) in ACTIONS {
                for keys in others.iter().chain([&due, &position]) {
                    let is_clock = role.logical_id == "RunDueFunctionRole";
                    let expected = match letter {
                        Some('P') => {
                            (is_clock || defer.contains(&role.logical_id)) && *keys == due
                                || is_clock && *keys == position
                        }
                        Some('Q') => is_clock && *keys == due,
                        Some('G') => is_clock && *keys == position,
                        _ => false,
                    };
                    if may(&world, role, &tags, (action, table), keys) != expected {
                        wrong.push(format!("{} {class} {action} {keys:?}", role.logical_id));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
