//! The role for developers' tools, by the policies alone: there for who asks for it, it reads all items and changes none,
//! and invokes no function that believes who invokes it.

use tests::World;

const READING: [&str; 5] = ["BatchGetItem", "DescribeTable", "GetItem", "Query", "Scan"];
const CHANGING: [&str; 4] = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"];

#[test]
fn developers_read_all_items_and_change_none() {
    let world = World::start_with(|options| {
        options.parameters.insert("DeveloperAccess".to_owned(), "true".to_owned());
    });
    let stack = world.cloud().stack();
    let role = stack.roles.iter().find(|role| role.logical_id == "DeveloperRole").unwrap();
    let may = |action: &str, resource: &str| {
        let action = format!("dynamodb:{action}");
        let services = world.cloud().services();
        services.would_allow(&role.arn, &[], (&action, resource), &["T#ten_1#orders"]).unwrap()
    };
    assert!(may("ListTables", "*"));
    for table in &stack.tables {
        for action in READING {
            assert!(may(action, &table.arn), "{action} on {}", table.logical_id);
        }
        for action in CHANGING {
            assert!(!may(action, &table.arn), "{action} on {}", table.logical_id);
        }
    }
    for function in &stack.functions {
        let services = world.cloud().services();
        let invoke = ("lambda:InvokeFunction", function.arn.as_str());
        let may = services.would_allow(&role.arn, &[], invoke, &[]).unwrap();
        let believes = function.name.starts_with("terrace-Operators-")
            || ["CloseUsageFunction", "MeterUsageFunction", "RunDueFunction"]
                .contains(&function.logical_id.as_str());
        assert_eq!(may, !believes, "{}", function.name);
    }
}

#[test]
fn nobody_is_a_developer_unless_a_deploy_says_so() {
    let world = World::start();
    assert!(world.cloud().stack().roles.iter().all(|role| role.logical_id != "DeveloperRole"));
    assert!(world.cloud().profile("developer").is_none());
}
