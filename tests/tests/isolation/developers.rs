//! The role for developers' tools, by the policies alone: there for who asks for it, it reads all items and changes none.

use tests::World;

const READING: [&str; 4] = ["BatchGetItem", "GetItem", "Query", "Scan"];
const CHANGING: [&str; 4] = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"];

#[test]
fn developers_read_all_items_and_change_none() {
    let world = World::start_with(|options| {
        options.parameters.insert("DeveloperAccess".to_owned(), "true".to_owned());
    });
    let stack = world.cloud().stack();
    let role = stack.roles.iter().find(|role| role.logical_id == "DeveloperRole").unwrap();
    for table in &stack.tables {
        let may = |action: &str| {
            let action = format!("dynamodb:{action}");
            world
                .cloud()
                .services()
                .would_allow(&role.arn, &[], (&action, &table.arn), &["T#ten_1#orders"])
                .unwrap()
        };
        for action in READING {
            assert!(may(action), "{action} on {}", table.logical_id);
        }
        for action in CHANGING {
            assert!(!may(action), "{action} on {}", table.logical_id);
        }
    }
}

#[test]
fn nobody_is_a_developer_unless_a_deploy_says_so() {
    let world = World::start();
    assert!(world.cloud().stack().roles.iter().all(|role| role.logical_id != "DeveloperRole"));
    assert!(world.cloud().profile("developer").is_none());
}
