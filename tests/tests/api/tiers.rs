//! Tiers: what a tenant may have, and what it is refused.

use serde_json::json;
use tests::World;

#[test]
fn a_feature_that_the_tier_does_not_include_is_refused() {
    let world = World::start();
    let [free, pro] = ["free", "pro"].map(|tier| world.tenant_of_tier(&format!("a-{tier}-one"), tier));
    let refused = free.admin.get("/audit").send().problem(403, "feature-not-included");
    assert_eq!(
        refused["detail"],
        "Your tenant's tier does not include the feature audit; ask your operator for one that does."
    );
    pro.admin.get("/audit").send().expect(200);
    // Who may not call the route anyway is not told of tiers.
    let member = free.member(&world.anonymous(), "Mel");
    member.get("/audit").send().problem(403, "forbidden");
    for (tenant, limits, features) in [
        (&free, json!({ "requests": 500, "users": 10, "products": 100 }), json!([])),
        (&pro, json!({ "requests": 5_000, "users": 1_000, "products": 10_000 }), json!(["audit"])),
    ] {
        let shown = tenant.admin.get("/tenant").send().expect(200);
        assert_eq!((&shown["limits"], &shown["features"]), (&limits, &features));
    }
}
