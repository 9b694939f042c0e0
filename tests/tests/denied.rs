//! A call that AWS denies is a fault of the stack: a 500 that an alarm counts, and never an answer about the data.

use client::id;
use tests::{World, workspace};

#[test]
fn a_right_that_is_missing_is_a_500_and_not_a_404() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("template.yaml");
    let template = std::fs::read_to_string(workspace::template()).unwrap();
    let rights = "Action: [dynamodb:GetItem, dynamodb:BatchGetItem, dynamodb:Query]";
    assert!(template.contains(rights));
    let fewer = template.replace(rights, "Action: [dynamodb:BatchGetItem, dynamodb:Query]");
    std::fs::write(&path, fewer).unwrap();
    let world = World::start_with(|options| options.template = path);
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let problem = tenant.admin.get(&format!("/products/{}", id(&product))).send().problem(500, "internal");
    assert!(!problem.to_string().contains("denied"), "{problem}");
    let denied = world.cloud().services().denied();
    let [denied] = &denied[..] else { panic!("{denied:?}") };
    assert_eq!((&*denied.function, &*denied.action), ("GetProductFunction", "dynamodb:GetItem"));
}
