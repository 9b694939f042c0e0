use client::eventually;
use serde_json::json;
use tests::World;

#[test]
fn a_tenant_is_read_by_its_users_and_renamed_by_its_admins() {
    let world = World::start();
    let tenant = world.tenant("acme");
    let member = tenant.member(&world.anonymous(), "Max Member");
    let view = json!({
        "id": tenant.id, "name": "Tenant acme", "slug": "acme", "tier": "pro",
        "limits": { "requests": 5_000, "users": 1_000, "products": 10_000 }, "features": ["audit", "comments"],
        "registration": { "mode": "closed" }, "version": 1,
    });
    assert_eq!(member.get("/tenant").send().expect(200), view);

    let changes = json!({ "name": "Acme Inc." });
    member.patch("/tenant", &changes).if_match(&view).send().problem(403, "forbidden");
    tenant.admin.patch("/tenant", &changes).send().problem(428, "precondition-required");
    let answer = tenant.admin.patch("/tenant", &changes).if_match(&view).send();
    let renamed = answer.expect(200);
    // What the answer shows beside the profile has a part of the tag.
    assert!(answer.header("etag").unwrap().starts_with("\"2."), "{:?}", answer.headers);
    assert_eq!((&renamed["name"], &renamed["version"]), (&json!("Acme Inc."), &json!(2)));
    tenant.admin.patch("/tenant", &changes).if_match(&view).send().problem(412, "precondition-failed");
    assert_eq!(member.get("/tenant").send().expect(200), renamed);
    eventually("the event is published", || {
        let events = world.cloud().services().recent_events();
        let published = events.iter().find(|recent| recent.event["detail-type"] == "tenant.renamed")?;
        let detail = &published.event["detail"];
        assert_eq!((&detail["sequence"], &detail["data"]), (&json!(2), &json!({})));
        Some(())
    });
}
