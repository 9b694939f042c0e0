use serde_json::json;
use tests::World;

#[test]
fn me_is_the_user_of_the_token_in_its_tenant() {
    let world = World::start();
    let tenant = world.tenant("acme");
    assert_eq!(
        tenant.admin.get("/me").send().expect(200),
        json!({
            "id": tenant.admin_id, "name": "Ada Admin", "email": "ada@acme.example", "role": "admin",
            "status": "active", "tenantId": tenant.id, "version": 1,
        })
    );
}

#[test]
fn a_tenant_header_that_agrees_changes_nothing() {
    let world = World::start();
    let tenant = world.tenant("acme");
    tenant.admin.get("/me").header("x-tenant-id", &tenant.id).send().expect(200);
}
