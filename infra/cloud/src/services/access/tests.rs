//! Decisions on a template with tenants' data behind one role, which functions with a tag assume.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::services::Services;
use crate::storage::Storage;

const TABLE: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/shop-TenantTable";
const DATA: &str = "arn:aws:iam::123456789012:role/shop/tenant/shop-TenantDataRole";

async fn services_of(text: &str) -> Arc<Services> {
    let stack = crate::template::parse(text, "wall.yaml", "shop", &BTreeMap::new());
    let stack = stack.unwrap_or_else(|refusals| panic!("{refusals}"));
    Services::open(Arc::new(stack), &Storage::Memory, Authorization::Decided).await.unwrap()
}

async fn services() -> Arc<Services> {
    services_of(include_str!("../../template/tests/wall.yaml")).await
}

fn role(function: &str) -> String {
    format!("arn:aws:iam::123456789012:role/shop/function/shop-{function}FunctionRole")
}

#[tokio::test]
async fn every_role_is_in_the_stack_by_its_logical_id() {
    let services = services().await;
    let ids: Vec<&str> = services.stack.roles.iter().map(|role| &*role.logical_id).collect();
    let functions = ["AuthorizeRead", "AuthorizeWrite", "GetProduct", "CreateProduct"];
    let expected = functions.map(|function| format!("{function}FunctionRole"));
    assert_eq!(ids[0], "TenantDataRole");
    assert_eq!(ids[1..], expected);
}

#[tokio::test]
async fn a_vendor_vends_its_own_class_and_nobody_else_vends() {
    let services = services().await;
    let would =
        |function: &str, tags: &[(&str, &str)]| services.would_assume(&role(function), DATA, tags).unwrap();
    for (function, class) in
        [("AuthorizeRead", "read"), ("AuthorizeWrite", "write"), ("GetProduct", ""), ("CreateProduct", "")]
    {
        for access in ["read", "write", "identity"] {
            let tags = [("TenantId", "ten_1"), ("Access", access)];
            assert_eq!(would(function, &tags), access == class, "{function} {access}");
        }
        assert!(!would(function, &[("TenantId", "ten_1")]), "a session without a class");
        assert!(!would(function, &[("Access", class)]), "a session without a tenant");
        let more = [("TenantId", "ten_1"), ("Access", class), ("Vends", "write")];
        assert!(!would(function, &more), "a session with another tag");
    }
    let unknown = services.would_assume(&role("AuthorizeRead"), "arn:aws:iam::123456789012:role/other", &[]);
    assert_eq!(unknown, Err("there is no role arn:aws:iam::123456789012:role/other".to_owned()));
    assert!(services.would_assume("arn:aws:iam::123456789012:role/other", DATA, &[]).is_err());
}

#[tokio::test]
async fn a_session_has_its_tenant_and_its_class() {
    let services = services().await;
    let would = |access: &str, action: &str, resource: &str, key: &str| {
        let tags = [("TenantId", "ten_1"), ("Access", access)];
        services.would_allow(DATA, &tags, (action, resource), &[key]).unwrap()
    };
    let index = format!("{TABLE}/index/Facets");
    assert!(would("read", "dynamodb:GetItem", TABLE, "T#ten_1#products"));
    assert!(would("read", "dynamodb:Query", &index, "T#ten_1#products"));
    assert!(!would("read", "dynamodb:GetItem", TABLE, "T#ten_2#products"));
    assert!(!would("read", "dynamodb:PutItem", TABLE, "T#ten_1#products"));
    assert!(would("write", "dynamodb:PutItem", TABLE, "T#ten_1#products"));
    assert!(!would("write", "dynamodb:GetItem", TABLE, "T#ten_1#directory"));
    assert!(would("sign-in", "dynamodb:GetItem", TABLE, "T#ten_1#directory"));
}

/// Three things hold a function off, each by itself: it has no such right, its boundary, and the table's policy.
#[tokio::test]
async fn a_function_does_not_reach_tenants_data_by_itself() {
    let wall = include_str!("../../template/tests/wall.yaml");
    let code = "      CodeUri: target/lambda/get_product/bootstrap.zip\n";
    let right = "      Policies: [{Version: \"2012-10-17\", Statement: {Effect: Allow, Action: \"dynamodb:*\", Resource: \"*\"}}]\n";
    let granted = wall.replacen(code, &format!("{code}{right}"), 1);
    let open = "  OpenBoundary: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Version: \"2012-10-17\", Statement: {Effect: Allow, Action: \"*\", Resource: \"*\"}}}}\n\n  Api:\n";
    let unbounded = granted.replacen("  Api:\n", open, 1).replacen(
        code,
        &format!("{code}      PermissionsBoundary: !Ref OpenBoundary\n"),
        1,
    );
    let start = unbounded.find("      ResourcePolicy:").unwrap();
    let end = unbounded.find("  SigningKey:").unwrap();
    let without_any = format!("{}\n{}", &unbounded[..start], &unbounded[end..]);
    for (text, on_the_table, elsewhere) in [
        (wall, false, false),
        (&granted, false, false),
        (&unbounded, false, true),
        (&without_any, true, true),
    ] {
        let services = services_of(text).await;
        let would = |action: &str, resource: &str| {
            services.would_allow(&role("GetProduct"), &[], (action, resource), &["T#ten_1#products"]).unwrap()
        };
        assert_eq!(would("dynamodb:GetItem", TABLE), on_the_table);
        assert_eq!(would("dynamodb:Query", &format!("{TABLE}/index/Facets")), on_the_table);
        assert_eq!(would("dynamodb:DescribeTable", TABLE), elsewhere);
    }
}
