//! A call that AWS denies is a fault of the stack: a 500 that an alarm counts, and never an answer about the data. And
//! what keeps functions from the items of tenants, one fence without the others.

use client::id;
use tempfile::TempDir;
use tests::{World, workspace};

/// A world of the template with these texts replaced.
fn world_with(replacements: &[(&str, &str)]) -> (TempDir, World) {
    let folder = tempfile::tempdir().unwrap();
    let mut template = std::fs::read_to_string(workspace::template()).unwrap();
    for (text, other) in replacements {
        assert!(template.contains(text), "the template has no {text}");
        template = template.replacen(text, other, 1);
    }
    let path = workspace::write_template(folder.path(), &template);
    let world = World::start_with(|options| options.template = path);
    (folder, world)
}

#[test]
fn a_right_that_is_missing_is_a_500_and_not_a_404() {
    let rights = "Action: [dynamodb:GetItem, dynamodb:BatchGetItem, dynamodb:Query]";
    let (_folder, world) = world_with(&[(rights, "Action: [dynamodb:BatchGetItem, dynamodb:Query]")]);
    let tenant = world.tenant("acme");
    let product = tenant.admin.create_product("Desk lamp", 1250);
    let problem = tenant.admin.get(&format!("/products/{}", id(&product))).send().problem(500, "internal");
    assert!(!problem.to_string().contains("denied"), "{problem}");
    let denied = world.cloud().services().denied();
    let [denied] = &denied[..] else { panic!("{denied:?}") };
    assert!(!world.foreign_touches().is_empty(), "the denial is on the wire");
    assert_eq!((&*denied.caller, &*denied.action), ("GetProductFunction", "dynamodb:GetItem"));
}

/// A function that may read items of its own, as a mistake in the template would let it.
const OWN_RIGHT: (&str, &str) = (
    "      CodeUri: target/lambda/get_product/bootstrap.zip\n",
    "      CodeUri: target/lambda/get_product/bootstrap.zip
      Policies:
        - Version: '2012-10-17'
          Statement: [{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt TenantTable.Arn}]\n",
);
/// A boundary that denies nothing, and allows to read.
const NO_BOUNDARY: (&str, &str) = (
    "          - Sid: NoItemOfATenant
            Effect: Deny",
    "          - Sid: NoItemOfATenant
            Effect: Allow",
);
fn reads_an_item(replacements: &[(&str, &str)]) -> bool {
    let (_folder, world) = world_with(replacements);
    let stack = world.cloud().stack();
    let function = stack.functions.iter().find(|function| function.binary == "get_product").unwrap();
    let table = stack.tables.iter().find(|table| table.logical_id == "TenantTable").unwrap();
    let keys = ["T#ten_0190b5b4a3b27c10b5a58d0a3b8a1c2d#products"];
    let get = ("dynamodb:GetItem", table.arn.as_str());
    world.cloud().services().would_allow(&function.role_arn, &[], get, &keys).unwrap()
}

/// Three fences keep a function from items: it has no right, its boundary, and the table's policy.
#[test]
fn each_fence_of_the_items_holds_alone() {
    let table_open = (
        "                ArnNotLike:
                  aws:PrincipalArn: !Sub \"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}/tenant/*\"",
        "                ArnNotLike:
                  aws:PrincipalArn: !Sub \"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}/*\"",
    );
    assert!(!reads_an_item(&[NO_BOUNDARY, table_open]), "without a right of its own");
    assert!(!reads_an_item(&[OWN_RIGHT, table_open]), "by its boundary alone");
    assert!(!reads_an_item(&[OWN_RIGHT, NO_BOUNDARY]), "by the table's policy alone");
    assert!(reads_an_item(&[OWN_RIGHT, NO_BOUNDARY, table_open]), "this test would not notice");
}

/// The stream holds the commits of all tenants. The boundary allows it to the one role with the relay's tag.
#[test]
fn the_stream_is_the_relay_s_even_if_another_function_gets_the_right() {
    let right = (
        OWN_RIGHT.0,
        "      CodeUri: target/lambda/get_product/bootstrap.zip
      Policies:
        - Version: '2012-10-17'
          Statement: [{Effect: Allow, Action: dynamodb:GetRecords, Resource: !GetAtt TenantTable.StreamArn}]\n",
    );
    let (_folder, world) = world_with(&[right]);
    let stack = world.cloud().stack();
    let table = stack.tables.iter().find(|table| table.logical_id == "TenantTable").unwrap();
    let stream = table.stream_arn.as_deref().unwrap();
    let reads = |binary: &str| {
        let function = stack.functions.iter().find(|function| function.binary == binary).unwrap();
        let get = ("dynamodb:GetRecords", stream);
        world.cloud().services().would_allow(&function.role_arn, &[], get, &[]).unwrap()
    };
    assert!(reads("relay_events"));
    assert!(!reads("get_product"));
}
