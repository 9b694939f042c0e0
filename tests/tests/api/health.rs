use client::eventually;
use serde_json::json;
use tests::World;

#[test]
fn a_healthy_backend_says_what_it_checked() {
    let world = World::start();
    assert_eq!(
        world.anonymous().get("/health").send().expect(200),
        json!({
            "status": "ok",
            "checks": [{ "name": "registryTable", "status": "ok" }, { "name": "signingKey", "status": "ok" }],
        })
    );
}

#[test]
fn a_failed_check_is_named_and_passes_again_afterwards() {
    for (action, failed, passed) in [("GetItem", 0, 1), ("GetPublicKey", 1, 0)] {
        let world = World::start();
        world.fail(action, "");
        let health = world.anonymous().get("/health").send().expect(503);
        assert_ne!(health["status"], "ok", "{action}");
        assert_ne!(health["checks"][failed]["status"], "ok", "{action}: {health}");
        assert_eq!(health["checks"][passed]["status"], "ok", "{action}: {health}");
        world.clear_faults();
        eventually("the outcome is looked for again", || {
            (world.anonymous().get("/health").send().status == 200).then_some(())
        });
    }
}
